"""Prints ridge coefficients and ten-fold errors on `attitude` that statistics/drivers/regression.answers.ts holds."""
import pathlib

import numpy as np
from sklearn.linear_model import Ridge

source = pathlib.Path(__file__).parent.parent / "drivers" / "published-correlations.ts"
text = source.read_text().split("attitudeRows")[1].split("`")[1]
data = np.array([[float(value) for value in row.split("/")] for row in text.split()])
y, x = data[:, 0], data[:, 1:]
mean, sd = x.mean(0), x.std(0, ddof=1)
print("coefficients at 0.1", Ridge(alpha=0.1 * (len(y) - 1)).fit((x - mean) / sd, y).coef_ / sd)
for penalty in (0, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 2):
    errors = []
    for fold in range(10):
        held = np.arange(len(y)) % 10 == fold
        mean, sd = x[~held].mean(0), x[~held].std(0, ddof=1)
        z = (x[~held] - mean) / sd
        beta = np.linalg.solve(z.T @ z + penalty * (len(z) - 1) * np.eye(x.shape[1]), z.T @ (y[~held] - y[~held].mean()))
        errors.extend((y[held] - y[~held].mean() - (x[held] - mean) / sd @ beta) ** 2)
    print("error at", penalty, np.mean(errors))
