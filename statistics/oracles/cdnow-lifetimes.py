"""Writes statistics/money/cdnow.frozen.json and prints the fits of `lifetimes` 0.11.3 that money.answers.ts holds."""
import json
import pathlib
from collections import Counter

import numpy as np
from lifetimes import BetaGeoFitter, GammaGammaFitter
from lifetimes.datasets import load_cdnow_summary_data_with_monetary_value

customers = load_cdnow_summary_data_with_monetary_value()
none = Counter(customers[customers.frequency == 0]["T"])
back = customers[customers.frequency > 0]
frozen = {
    "source": "CDNOW, one tenth of the customers of 1997 (Fader, Hardie, Lee 2005), as in lifetimes 0.11.3",
    "neverBack": sorted([float(age), count] for age, count in none.items()),
    "back": [[int(x), float(t), float(age), float(m)] for x, t, age, m in zip(back.frequency, back.recency, back["T"], back.monetary_value)],
}
text = json.dumps(frozen, separators=(",", ":"))
(pathlib.Path(__file__).parent.parent / "money" / "cdnow.frozen.json").write_text(text + "\n")

counts = BetaGeoFitter().fit(customers["frequency"], customers["recency"], customers["T"])
print("BG/NBD", dict(counts.params_))
print("alive", [np.squeeze(counts.conditional_probability_alive(*h)).item() for h in ((2, 30.43, 38.86), (7, 20.0, 38.0))])
print("to come", [np.squeeze(counts.conditional_expected_number_of_purchases_up_to_time(39, *h)).item() for h in ((2, 30.43, 38.86), (0, 0, 30.0), (7, 20.0, 38.0))])
print("new", np.squeeze(counts.expected_number_of_purchases_up_to_time(39)).item())
spend = GammaGammaFitter().fit(back["frequency"], back["monetary_value"])
print("gamma-gamma", dict(spend.params_))
print("spend", [np.squeeze(spend.conditional_expected_average_profit(x, m)).item() for x, m in ((2, 22.35), (0, 0.0))])
