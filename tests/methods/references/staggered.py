"""Makes staggered.json: the package csdid on mpdta.csv, never treated, no covariates, analytic errors.

Run with csdid 0.4.3 installed: python staggered.py mpdta.csv > staggered.json
"""

import contextlib
import json
import sys

import pandas as pd
from csdid.att_gt import ATTgt

data = pd.read_csv(sys.argv[1]).rename(columns={"first.treat": "first_treat"})
with contextlib.redirect_stdout(sys.stderr):       # the package prints its tables
    found = ATTgt(yname="lemp", gname="first_treat", idname="countyreal", tname="year", xformla="lemp~1", data=data)
    found = found.fit(est_method="reg", bstrap=False)
    simple, dynamic = (found.aggte(typec=kind, bstrap=False, cband=False).atte for kind in ("simple", "dynamic"))
table = found.results
values = {"att_gt": [[int(g), int(t), float(a), float(s)] for g, t, a, s in zip(
    table["group"], table["year"], table["att"], table["se"], strict=True)]}
for name, each in (("simple", simple), ("dynamic", dynamic)):
    values[name] = [float(each["overall_att"]), float(each["overall_se"])]
errors = dynamic["se_egt"][0] if len(dynamic["se_egt"]) == 1 else dynamic["se_egt"]
values["by_event"] = [[int(e), float(a), float(s)] for e, a, s in zip(
    dynamic["egt"], dynamic["att_egt"], errors, strict=True)]
print(json.dumps(values).replace("], \"", "],\n \""))
