"""Prints what statistics/drivers/prediction.answers.ts holds: AUC, Brier, isotonic, calibration by scikit-learn and statsmodels."""
import numpy as np
import statsmodels.api as sm
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

cells = [(0.05, 1, 19), (0.15, 2, 18), (0.2, 6, 14), (0.35, 5, 15), (0.5, 9, 11), (0.6, 14, 6), (0.8, 13, 7), (0.95, 19, 1)]
score = np.array([c[0] for c in cells for _ in range(c[1] + c[2])])
outcome = np.array([k < c[1] for c in cells for k in range(c[1] + c[2])], float)
print("AUC", roc_auc_score(outcome, score), "Brier", brier_score_loss(outcome, score))
above, below = score[outcome == 1], score[outcome == 0]
wins = (above[:, None] > below) + 0.5 * (above[:, None] == below)
print("DeLong SE", np.sqrt(wins.mean(1).var(ddof=1) / len(above) + wins.mean(0).var(ddof=1) / len(below)))
steps = IsotonicRegression(out_of_bounds="clip").fit(score, outcome)
print("isotonic", steps.predict([c[0] for c in cells] + [0.275, 0.7, 0.0, 1.0]).tolist())
print("calibration", sm.Logit(outcome, sm.add_constant(np.log(score / (1 - score)))).fit(disp=0, tol=1e-12).params.tolist())
