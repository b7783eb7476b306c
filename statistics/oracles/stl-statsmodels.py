"""Prints the STL parts of a spiky week that statistics/monitoring/monitoring.answers.ts holds (statsmodels 0.15.0)."""
import json
import math

from statsmodels.tsa.seasonal import STL

values = [
    round(50 + 0.1 * i + 5 * math.sin(2 * math.pi * i / 7) + 3 * math.cos(i * i * 0.37) + (25 if i in (20, 41) else 0), 3)
    for i in range(70)
]
for name, options in (("plain", {}), ("robust", {"robust": True}), ("means", {"seasonal": 13, "seasonal_deg": 0})):
    parts = STL(values, period=7, **options).fit()
    print(name, json.dumps({part: [getattr(parts, part)[i] for i in (0, 20, 69)] for part in ("trend", "seasonal", "weights")}))
