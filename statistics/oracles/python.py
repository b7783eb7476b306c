"""The same numbers by scipy, statsmodels and numpy, as an oracle for the statistics room.

Reads one request per line: id, case, then name=1,2,3 fields, all tab-separated; answers id, then name=1,2,3 fields.
"""

import itertools
import math
import sys
import warnings

import numpy as np
import statsmodels.api as sm
from scipy import integrate, optimize, stats
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oaxaca import OaxacaBlinder
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.weightstats import DescrStatsW
from statsmodels.treatment.treatment_effects import TreatmentEffect

warnings.simplefilter("ignore")


def continuous(dist, x, p):
    return {"cdf": dist.cdf(x), "upper": dist.sf(x), "quantile": dist.ppf(p)}


def normal(x, p):
    return continuous(stats.norm(), x[0], p[0])


def t(x, df, p):
    return continuous(stats.t(df[0]), x[0], p[0])


def chi_square(x, df, p):
    return continuous(stats.chi2(df[0]), x[0], p[0])


def f(x, df1, df2, p):
    return continuous(stats.f(df1[0], df2[0]), x[0], p[0])


def beta(x, a, b, p):
    return continuous(stats.beta(a[0], b[0]), x[0], p[0])


def gamma(x, shape, p):
    return continuous(stats.gamma(shape[0]), x[0], p[0])


def binomial(k, n, p):
    dist = stats.binom(int(n[0]), p[0])
    return {"cdf": dist.cdf(k[0]), "pmf": dist.pmf(k[0])}


def poisson(k, mean):
    dist = stats.poisson(mean[0])
    return {"cdf": dist.cdf(k[0]), "pmf": dist.pmf(k[0])}


def share(successes, n, confidence):
    alpha = 1 - confidence[0]
    return {
        "wilson": proportion_confint(successes[0], n[0], alpha, "wilson"),
        "exact": proportion_confint(successes[0], n[0], alpha, "beta"),
    }


def newcombe(a, b):
    return {"limits": confint_proportions_2indep(a[0], a[1], b[0], b[1], method="newcomb", compare="diff")}


def welch(a, b):
    test = stats.ttest_ind(a, b, equal_var=False)
    limits = test.confidence_interval(0.95)
    return {"t": test.statistic, "df": test.df, "p": test.pvalue, "limits": [limits.low, limits.high]}


def multiple(p):
    return {"holm": multipletests(p, method="holm")[1], "bh": multipletests(p, method="fdr_bh")[1]}


def matrix(values, width):
    return np.asarray(values).reshape(-1, int(width))


def ols(rows, width):
    data = matrix(rows, width[0])
    fit = sm.OLS(data[:, -1], sm.add_constant(data[:, :-1])).fit()
    return {"coefficients": fit.params, "se": fit.bse, "p": fit.pvalues, "r2": fit.rsquared}


def lmg(rows, width):
    data = matrix(rows, width[0])
    p = data.shape[1] - 1

    def r2(subset):
        return sm.OLS(data[:, -1], sm.add_constant(data[:, list(subset)])).fit().rsquared if subset else 0.0

    gains = np.zeros(p)
    for i in range(p):
        others = [j for j in range(p) if j != i]
        for size in range(p):
            subsets = list(itertools.combinations(others, size))
            gains[i] += sum(r2(s + (i,)) - r2(s) for s in subsets) / len(subsets) / p
    return {"weights": gains}


def relative_weights(rows, width):
    r = np.corrcoef(matrix(rows, width[0]), rowvar=False)
    values, vectors = np.linalg.eigh(r[:-1, :-1])
    root = vectors @ np.diag(np.sqrt(values)) @ vectors.T
    b = np.linalg.solve(root, r[:-1, -1])
    return {"weights": (root**2) @ (b**2)}


def logit(x, counts, categories):
    outcome = matrix(counts, 2)[:, ::-1]
    fit = sm.GLM(outcome, sm.add_constant(matrix(x, 2)), family=sm.families.Binomial()).fit(tol=1e-14)
    return {"coefficients": fit.params, "se": fit.bse}


def das_gupta(factors, before, after):
    k = int(factors[0])
    a, b = matrix(before, len(before) / k), matrix(after, len(after) / k)
    effects = np.zeros(k)
    for order in itertools.permutations(range(k)):
        now = a.copy()
        for factor in order:
            then = now.copy()
            then[factor] = b[factor]
            effects[factor] += then.prod(axis=0).sum() - now.prod(axis=0).sum()
            now = then
    return {"effects": effects / math.factorial(k)}


def mantel_haenszel(tables):
    # our rows are successes a, b and failures c, d of the two groups
    table = StratifiedTable([np.array([[a, c], [b, d]]) for a, b, c, d in matrix(tables, 4)])
    excess = abs(sum(a - (a + c) * (a + b) / (a + b + c + d) for a, b, c, d in matrix(tables, 4)))
    test = table.test_null_odds(correction=bool(excess >= 0.5))
    return {
        "odds": [table.oddsratio_pooled, *table.oddsratio_pooled_confint()],
        "risk": table.riskratio_pooled,
        "test": [test.statistic, test.pvalue],
    }


def oaxaca(a, b):
    first, second = matrix(a, 3), matrix(b, 3)
    y = np.concatenate([first[:, 2], second[:, 2]])
    group = np.concatenate([np.zeros(len(first)), np.ones(len(second))])
    x = np.column_stack([np.concatenate([first[:, :2], second[:, :2]]), group])
    model = OaxacaBlinder(y, x, 2, hasconst=False, swap=False)
    endowments, coefficients, interaction, gap = model.three_fold().params
    model = OaxacaBlinder(y, x, 2, hasconst=False, swap=False)
    unexplained, explained = model.two_fold(two_fold_type="self_submitted", submitted_weight=1).params[:2]
    pooled = []
    for kind in ("nuemark", "pooled", "reimers"):
        part = OaxacaBlinder(y, x, 2, hasconst=False, swap=False).two_fold(two_fold_type=kind).params
        pooled += [part[1], part[0]]
    return {
        "threefold": [endowments, coefficients, interaction, gap],
        "twofold": [explained, unexplained],
        "pooled": pooled,
        "se": oaxaca_errors(first, second),
    }


def oaxaca_errors(first, second):
    """Jann 2008: random means, regressions of both groups independent."""
    fits, means, spreads = [], [], []
    for data in (first, second):
        x = sm.add_constant(data[:, :2])
        fits.append(sm.OLS(data[:, 2], x).fit())
        means.append(x.mean(axis=0))
        spreads.append(np.cov(x, rowvar=False) / len(x))
    dx, db = means[0] - means[1], fits[0].params - fits[1].params
    va, vb = fits[0].cov_params(), fits[1].cov_params()
    beta = fits[1].params
    return np.sqrt(
        [
            dx @ vb @ dx + beta @ (spreads[0] + spreads[1]) @ beta,
            means[1] @ (va + vb) @ means[1] + db @ spreads[1] @ db,
            dx @ (va + vb) @ dx + db @ (spreads[0] + spreads[1]) @ db,
        ]
    )


def did(rows):
    cluster, period, treated, y = matrix(rows, 4).T
    periods = np.unique(period)
    columns = [(period == p) * 1.0 for p in periods] + [(period == p) * treated for p in periods]
    fit = sm.OLS(y, np.column_stack(columns)).fit(
        cov_type="cluster", cov_kwds={"groups": cluster.astype(int), "df_correction": True}, use_t=True
    )
    zeros = np.zeros(len(periods))
    effect = fit.t_test(np.concatenate([zeros, np.where(periods < 2, -0.5, 0.5)]))
    lead = fit.t_test(np.concatenate([zeros, [1, -1, 0, 0]]))
    trend = fit.f_test(np.concatenate([zeros, [1, -1, 0, 0]]))
    return {
        "effect": [effect.effect, effect.sd, effect.pvalue],
        "lead": [lead.effect, lead.sd],
        "trend": [float(trend.fvalue), float(trend.pvalue)],
    }


def did_changes(treated, control):
    a, b = np.diff(matrix(treated, 2))[:, 0], np.diff(matrix(control, 2))[:, 0]
    test = stats.ttest_ind(a, b, equal_var=False)
    limits = test.confidence_interval(0.95)
    return {"effect": [a.mean() - b.mean(), test.pvalue, limits.low, limits.high, test.df]}


def interrupted(values, start, lag, weights):
    y, w = np.asarray(values), np.sqrt(weights)
    time = np.arange(len(y))
    after = (time >= start[0]) * 1.0
    x = np.column_stack([np.ones(len(y)), time, after, after * (time - start[0])])
    fit = sm.OLS(y * w, x * w[:, None]).fit(
        cov_type="HAC", cov_kwds={"maxlags": int(lag[0]), "use_correction": True}, use_t=True
    )
    mean = (len(y) - start[0] - 1) / 2
    tests = [fit.t_test(c) for c in ([0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, mean], [0, 1, 0, 0])]
    return {
        "values": [test.effect for test in tests],
        "se": [test.sd for test in tests],
        "p": [test.pvalue for test in tests],
    }


def effects(rows, models):
    stratum, a, y = matrix(rows, 3).T
    stratum = stratum.astype(int)
    given = matrix(models, 3)[stratum]
    count = max(stratum) + 1
    own_e = np.array([a[stratum == s].mean() for s in range(count)])[stratum]
    own = [np.array([y[(stratum == s) & (a == side)].mean() for s in range(count)])[stratum] for side in (1, 0)]
    result = {"standardised": [], "weighted": [], "augmented": []}
    for target in ("everybody", "treated", "untreated"):
        inside = {"everybody": np.ones(len(y)), "treated": a, "untreated": 1 - a}[target]

        def weights(e):
            high = {"everybody": 1 / e, "treated": np.ones(len(e)), "untreated": (1 - e) / e}[target]
            low = {"everybody": 1 / (1 - e), "treated": e / (1 - e), "untreated": np.ones(len(e))}[target]
            return a * high, (1 - a) * low

        def augmented(e, m1, m0):
            high, low = weights(e)
            mu1 = (inside * m1 + high * (y - m1)).sum() / inside.sum()
            mu0 = (inside * m0 + low * (y - m0)).sum() / inside.sum()
            psi = inside * (m1 - mu1 - m0 + mu0) + high * (y - m1) - low * (y - m0)
            return [mu1, mu0, mu1 - mu0, np.sqrt((psi**2).sum()) / inside.sum()]

        result["standardised"] += augmented(own_e, *own)
        result["augmented"] += augmented(given[:, 0], given[:, 1], given[:, 2])
        high, low = weights(given[:, 0])
        mu1, mu0 = (high * y).sum() / high.sum(), (low * y).sum() / low.sum()
        psi = high * (y - mu1) / high.sum() - low * (y - mu0) / low.sum()
        result["weighted"] += [mu1, mu0, mu1 - mu0, np.sqrt((psi**2).sum())]
    return result


def treatment_effect(rows, models):
    stratum, a, y = matrix(rows, 3).T
    dummies = np.column_stack([(stratum == s) * 1.0 for s in np.unique(stratum)])
    selection = sm.Logit(a, dummies).fit(disp=0, method="newton", tol=1e-12)
    result = TreatmentEffect(sm.OLS(y, dummies), a, results_select=selection).aipw()
    return {"aipw": [result.effect[0], result.sd[0]]}


def double_machine_learning(rows):
    bucket, y, d, *x = matrix(rows, 6).T
    x = sm.add_constant(np.column_stack(x))
    fold = bucket.astype(int) % 4

    def theta(keep):
        top = bottom = 0.0
        for k in range(4):
            train, test = keep & (fold != k), keep & (fold == k)
            ry = y[test] - x[test] @ np.linalg.lstsq(x[train], y[train])[0]
            rd = d[test] - x[test] @ np.linalg.lstsq(x[train], d[train])[0]
            top, bottom = top + rd @ ry, bottom + rd @ rd
        return top / bottom

    every = np.unique(bucket)
    jack = np.array([theta(bucket != b) for b in every])
    g = len(every)
    return {"effect": [theta(bucket >= 0), np.sqrt((g - 1) / g * ((jack - jack.mean()) ** 2).sum())]}


def partial_correlation(width, rows):
    inverse = np.linalg.inv(np.corrcoef(matrix(rows, width[0]), rowvar=False))
    return {"partial": -inverse[0, 1] / np.sqrt(inverse[0, 0] * inverse[1, 1])}


def equivalence(a, margin):
    test = DescrStatsW(np.asarray(a) - 5).ttost_mean(-margin[0], margin[0])
    return {"p": test[0]}


def cluster_mean(rows):
    cluster, y = matrix(rows, 2).T
    count = len(np.unique(cluster))
    fit = sm.OLS(y, np.ones(len(y))).fit(
        cov_type="cluster", cov_kwds={"groups": cluster.astype(int), "use_correction": False}
    )
    return {"mean": [fit.params[0], fit.bse[0] * np.sqrt(count / (count - 1))]}


def weighted_mean(y, w):
    y, w = np.asarray(y), np.asarray(w)
    fit = sm.WLS(y, np.ones(len(y)), weights=w).fit(cov_type="HC1")
    return {"mean": [fit.params[0], fit.bse[0], w.sum() ** 2 / (w**2).sum()]}


def rake(shape, seed, truth):
    table, goal = (np.asarray(v).reshape([int(s) for s in shape]) for v in (seed, truth))
    for _ in range(5000):
        table = table * (goal.sum(axis=1) / table.sum(axis=1))[:, None]
        table = table * (goal.sum(axis=0) / table.sum(axis=0))
    return {"totals": table}


def em(rows, known):
    x, seen = matrix(rows, 3), matrix(known, 3) == 1
    mean, cov = x[:20].mean(axis=0), np.cov(x[:20], rowvar=False)
    for _ in range(3000):
        filled, extra = x.copy(), np.zeros((3, 3))
        for row, mask in zip(filled, seen):
            if mask.all():
                continue
            slope = cov[np.ix_(~mask, mask)] @ np.linalg.inv(cov[np.ix_(mask, mask)])
            row[~mask] = mean[~mask] + slope @ (row[mask] - mean[mask])
            extra[np.ix_(~mask, ~mask)] += cov[np.ix_(~mask, ~mask)] - slope @ cov[np.ix_(mask, ~mask)]
        mean = filled.mean(axis=0)
        cov = ((filled - mean).T @ (filled - mean) + extra) / len(x)
    return {"means": mean, "covariance": cov}


def ridge(rows, **others):
    data = matrix(rows, 4)
    z = (data - data.mean(axis=0)) / data.std(axis=0)
    n = len(data)
    standard = np.linalg.solve(z[:, :3].T @ z[:, :3] / n + others["lambda"][0] * np.eye(3), z[:, :3].T @ z[:, 3] / n)
    slopes = standard * data.std(axis=0)[3] / data.std(axis=0)[:3]
    return {"coefficients": [data[:, 3].mean() - data[:, :3].mean(axis=0) @ slopes, slopes]}


def isotonic(scores, n, positives):
    rate = np.asarray(positives) / np.asarray(n)
    return {"fitted": optimize.isotonic_regression(rate, weights=n).x}


def auc(scores, positives, n):
    up = np.repeat(scores, np.asarray(positives, int))
    down = np.repeat(scores, np.asarray(n, int) - np.asarray(positives, int))
    return {"area": stats.mannwhitneyu(up, down).statistic / len(up) / len(down)}


def shrink_normal(values, se):
    y, v = np.asarray(values), np.asarray(se) ** 2
    moments = combine_effects(y, v, method_re="dl")

    def excess(tau2):
        w = 1 / (v + tau2)
        return (w * (y - (w @ y) / w.sum()) ** 2).sum() - (len(y) - 1)

    tau2 = optimize.brentq(excess, 0, 1e6, xtol=1e-12) if excess(0) > 0 else 0
    w = 1 / (v + tau2)
    return {"moments": [moments.mean_effect_re, moments.tau2], "iterated": [(w @ y) / w.sum(), tau2]}


def probability_above_beta(parameters):
    a, b, c, d = parameters
    first, second = stats.beta(a, b), stats.beta(c, d)
    value = integrate.quad(lambda x: first.pdf(x) * second.cdf(x), 0, 1, epsabs=1e-12, limit=500)[0]
    return {"probability": value}


def disclosure_bounds(cells, hidden):
    cells, hidden = np.asarray(cells), np.asarray(hidden) == 1
    sums = np.array([[1.0 * (i // 4 == r) for i in range(12)] for r in range(3)])
    sums = np.vstack([sums, [[1.0 * (i % 4 == c) for i in range(12)] for c in range(4)]])
    free = sums[:, hidden]
    left = sums @ cells - sums[:, ~hidden] @ cells[~hidden]
    low, high = [], []
    for k in range(int(hidden.sum())):
        goal = np.eye(int(hidden.sum()))[k]
        low.append(optimize.linprog(goal, A_eq=free, b_eq=left).fun)
        high.append(-optimize.linprog(-goal, A_eq=free, b_eq=left).fun)
    return {"low": [*low, 0], "high": [*high, 0]}


def flat(values):
    return [float(v) for part in (values if isinstance(values, (list, tuple)) else [values]) for v in np.ravel(part)]


def main():
    for line in sys.stdin:
        request, case, *fields = line.rstrip("\n").split("\t")
        arguments = {}
        for field in fields:
            name, values = field.split("=")
            arguments[name] = [float(value) for value in values.split(",")]
        result = globals()[case](**arguments)
        texts = [f"{name}={','.join(repr(v) for v in flat(values))}" for name, values in result.items()]
        print(request, *texts, sep="\t")


main()
