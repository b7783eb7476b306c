"""PLS path modelling on rows (scores, not moments) of Russett's data, as in Tenenhaus et al. 2005; prints what pls.answers.ts holds."""
import itertools
import pathlib
import re

import numpy as np

source = pathlib.Path(__file__).parent.parent / "drivers" / "russett.ts"
rows = re.search(r"`(.*?)`", source.read_text(), re.S).group(1).split()
data = np.array([[float(value) for value in row.split("/")] for row in rows])
blocks = [[0, 1, 2], [3, 4], [5, 6, 7, 8]]
before = {2: [0, 1]}


def unit(y):
    return (y - y.mean(0)) / y.std(0)


def fit(scaled, mode, scheme):
    x = data - data.mean(0)
    x = x / x.std(0) if scaled else x
    weights = [np.ones(len(block)) for block in blocks]
    for _ in range(5000):
        y = np.column_stack([unit(x[:, b] @ w) for b, w in zip(blocks, weights)])
        inner = np.zeros((3, 3))
        for to, froms in before.items():
            slopes = np.linalg.lstsq(y[:, froms], y[:, to], rcond=None)[0]
            for k, f in enumerate(froms):
                r = np.corrcoef(y[:, f], y[:, to])[0, 1]
                inner[f, to], inner[to, f] = {"centroid": (np.sign(r),) * 2, "factorial": (r, r), "path": (slopes[k], r)}[scheme]
        z = y @ inner
        weights = [x[:, b].T @ z[:, i] / len(x) if mode == "A" else np.linalg.lstsq(x[:, b], z[:, i], rcond=None)[0] for i, b in enumerate(blocks)]
    weights = [w / (x[:, b] @ w).std() for b, w in zip(blocks, weights)]
    y = np.column_stack([x[:, b] @ w for b, w in zip(blocks, weights)])
    for i, b in enumerate(blocks):
        if sum(np.sign(np.corrcoef(x[:, k], y[:, i])[0, 1]) for k in b) < 0:
            y[:, i] *= -1
            weights[i] = -weights[i]
    slopes = np.linalg.lstsq(y[:, [0, 1]], y[:, 2], rcond=None)[0]
    return np.concatenate(weights), slopes, 1 - ((y[:, 2] - y[:, [0, 1]] @ slopes) ** 2).mean()


for case in itertools.product((True, False), "AB", ("centroid", "factorial", "path")):
    w, paths, r2 = fit(*case)
    print(*case, [round(float(v), 10) for v in w], [round(float(v), 10) for v in paths], round(float(r2), 10), sep=" | ")
