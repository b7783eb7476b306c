"""Prints what statistics/ranking/ranking.answers.ts holds: BCG trials by statsmodels, rat tumours and P(A > B) by scipy."""
import numpy as np
from scipy import integrate, optimize, stats
from statsmodels.stats.meta_analysis import combine_effects

bcg = np.array([[4, 119, 11, 128], [6, 300, 29, 274], [3, 228, 11, 209], [62, 13536, 248, 12619], [33, 5036, 47, 5761],
                [180, 1361, 372, 1079], [8, 2537, 10, 619], [505, 87886, 499, 87892], [29, 7470, 45, 7232], [17, 1699, 65, 1600],
                [186, 50448, 141, 27197], [5, 2493, 3, 2338], [27, 16886, 29, 17825]], float)
a, b, c, d = bcg.T
y = np.log(a / (a + b)) - np.log(c / (c + d))
v = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
for method in ("chi2", "pm"):
    fit = combine_effects(y, v, method_re=method, atol=1e-14)
    print(method, repr(fit.tau2), repr(fit.mean_effect_re), repr(fit.sd_eff_w_re))


def reml(t):
    w = 1 / (v + t)
    m = (w * y).sum() / w.sum()
    return 0.5 * (np.log(v + t).sum() + np.log(w.sum()) + (w * (y - m) ** 2).sum())


t = optimize.minimize_scalar(reml, bounds=(0, 5), method="bounded", options={"xatol": 1e-12}).x
w = 1 / (v + t)
print("reml", t, (w * y).sum() / w.sum(), w.sum() ** -0.5)

k = [int(s) for s in "0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 2 2 2 2 2 2 2 2 2 1 5 2 5 3 2 7 7 3 3 2 9 10 4 4 4 4 4 4 4 10 4 4 4 5 11 12 5 5 6 5 6 6 6 6 16 15 15 9 4".split()]
n = [int(s) for s in "20 20 20 20 20 20 20 19 19 19 19 18 18 17 20 20 20 20 19 19 18 18 25 24 23 20 20 20 20 20 20 10 49 19 46 27 17 49 47 20 20 13 48 50 20 20 20 20 20 20 20 48 19 19 19 22 46 49 20 20 23 19 22 20 20 20 52 46 47 24 14".split()]
fit = optimize.minimize(lambda p: -stats.betabinom.logpmf(k, n, *np.exp(p)).sum(), [0.8, 2.6], method="Nelder-Mead", options={"xatol": 1e-11, "fatol": 1e-13, "maxiter": 9999})
print("rats", np.exp(fit.x).tolist())

for p, q in (((2, 1), (1, 2)), ((31, 71), (25, 76)), ((0.5, 0.5), (3, 4)), ((5000, 5100), (4900, 5100)), ((1, 1), (900, 2))):
    print("above", p, q, integrate.quad(lambda x: stats.beta.pdf(x, *p) * stats.beta.cdf(x, *q), 0, 1, epsabs=1e-13, limit=500, points=[p[0] / sum(p), q[0] / sum(q)])[0])
