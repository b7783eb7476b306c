"""Writes mpmath.frozen.json: the kernel's functions at 40 digits, by mpmath (1.3 or later), as an independent oracle."""
import mpmath as mp, json, random
mp.mp.dps=40
random.seed(1)
out=[]
def add(f,args,v): 
    v=mp.mpf(v)
    if abs(v)>mp.mpf('1e-300') : out.append([f,args,mp.nstr(v,20)])
def P(x): return mp.mpf(x)
for z in [1e-10,0.1,.5,1,1.2345,2,2.7,2.76,3,4,5,8,10,20,30,37]:
    add('normalUpper',[z],mp.erfc(P(z)/mp.sqrt(2))/2)
    add('normalCdf',[z],1-mp.erfc(P(z)/mp.sqrt(2))/2)
    add('normalCentral',[z],mp.erf(P(z)/mp.sqrt(2))/2)
    add('erf',[z],mp.erf(P(z))); 
    if z<26: add('erfc',[z],mp.erfc(P(z)))
for p in [1e-300,1e-100,1e-10,.001,.02,.2,.24,.26,.4,.49999,.5000001,.6,.7,.975,.995]:
    add('normalQuantile',[p],mp.sqrt(2)*mp.erfinv(2*P(p)-1) if p>1e-12 else mp.findroot(lambda z: mp.log(mp.erfc(-z/mp.sqrt(2))/2)-mp.log(P(p)), -mp.sqrt(-2*mp.log(P(p)))))
for x in [1e-8,.01,.3,.5,.7,.9999,1.0001,1.3,1.5,1.7,2.001,2.4,3,5.5,9.9,10,33.3,1e3,1e6,1e9]:
    add('logGamma',[x],mp.loggamma(P(x)))
for a,b in [(.01,.02),(.5,.5),(3,4),(.5,1e6),(20,.3),(15,1e5),(1e4,2e4),(1,1),(8,1e8)]:
    add('logBeta',[a,b],mp.log(mp.beta(P(a),P(b))))
for a in [.05,.5,1,2.5,10,50,500,1e4]:
    for f in [1e-3,.1,.5,.9,1,1.1,1.5,3]:
        x=a*f
        lo=mp.gammainc(P(a),0,P(x),regularized=True); up=mp.gammainc(P(a),P(x),mp.inf,regularized=True)
        add('gammaLower',[a,x],lo); add('gammaUpper',[a,x],up)
for a,b in [(.5,.5),(.5,3),(2,5),(1,20),(10,.5),(50,.5),(30,40),(500,800),(.1,50),(2000,.5),(1e4,1e4)]:
    m=a/(a+b)
    for x in [m*.01,m*.3,m*.9,m,m+(1-m)*.1,m+(1-m)*.6,m+(1-m)*.9]:
        lo=mp.betainc(P(a),P(b),0,P(x),regularized=True) if a+b<5000 else None
        if lo is None: continue
        add('betaLower',[a,b,x],lo); add('betaUpper',[a,b,x],mp.betainc(P(b),P(a),0,1-P(x),regularized=True))
for df in [.5,1,3,10,29,200,1000]:
    for t in [1e-6,.1,1,2,5,20,100]:
        x=P(df)/(P(df)+P(t)**2)
        add('tUpper',[t,df],mp.betainc(P(df)/2,mp.mpf(.5),0,x,regularized=True)/2)
        add('tPdf',[t,df],mp.gamma((P(df)+1)/2)/mp.sqrt(P(df)*mp.pi)/mp.gamma(P(df)/2)*(1+P(t)**2/P(df))**(-(P(df)+1)/2))
for k,n,p in [(3,10,.2),(0,1000,.001),(50000,100000,.5),(10,1000000,1e-5),(999999,1000000,.999999),(30000000,100000000,.3),(2.5,7.3,.4)]:
    v=mp.exp(mp.loggamma(P(n)+1)-mp.loggamma(P(k)+1)-mp.loggamma(P(n)-P(k)+1)+P(k)*mp.log(P(p))+(P(n)-P(k))*mp.log(1-P(p)))
    out.append(['binomialTerm',[k,n,p,1-p],mp.nstr(v,20)])
for k,m in [(0,3),(5,3),(1000,1100),(1e6,1e6),(1e8,1.0001e8),(2.5,.1)]:
    out.append(['poissonTerm',[k,m],mp.nstr(mp.exp(P(k)*mp.log(P(m))-P(m)-mp.loggamma(P(k)+1)),20)])
json.dump(out, open(__file__.replace('oracle-mpmath.py', 'mpmath.frozen.json'), 'w'), indent=0)
