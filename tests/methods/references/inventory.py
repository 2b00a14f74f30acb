"""Makes inventory.csv: newsvendors of the package stockpyl 1.0.2, normal demand.

Run with stockpyl installed: python inventory.py > inventory.csv
"""

import csv
import sys

from stockpyl.newsvendor import newsvendor_normal

write = csv.writer(sys.stdout, lineterminator="\n")
write.writerow(["too_many", "too_few", "mean", "sd", "quantity", "cost"])
for case in [(0.18, 0.70, 50, 8), (10, 12, 2100, 1200), (1, 9, 100, 30), (26, 125, 400, 190), (5, 1, 60, 20)]:
    write.writerow([*case, *(repr(float(value)) for value in newsvendor_normal(*case))])
