"""The words for units and scales, and what each of them makes of a number."""

from decimal import Decimal

SCALES = {"千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12,
          "만": 10**4, "억": 10**8, "lakh": 10**5, "crore": 10**7, "rb": 10**3, "ribu": 10**3, "jt": 10**6,
          "juta": 10**6, "tr": 10**6, "triệu": 10**6, "พัน": 10**3, "หมื่น": 10**4, "แสน": 10**5, "ล้าน": 10**6,
          "w": 10**4, "k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9}
SECONDS = {}
for names, length in (
    ("ms msec milliseconds millisecond 毫秒", Decimal("0.001")), ("s sec secs second seconds 秒 秒钟", 1),
    ("m min mins minute minutes 分 分钟", 60), ("h hr hrs hour hours 时 小时", 3600), ("d day days 天 日", 86400)):
    SECONDS |= {name: Decimal(length) for name in names.split()}

# unit: of a mapping, or in brackets behind a heading → factor to the contract's unit
MONEY = {"fen": Decimal("0.01"), "分": Decimal("0.01"), "yuan": 1, "元": 1, "cny": 1, "rmb": 1, "¥": 1, "wan": 10**4,
         "万": 10**4, "万元": 10**4, "thousand": 10**3, "千元": 10**3, "亿元": 10**8}
SHARES = {
    "percent": Decimal("0.01"), "%": Decimal("0.01"), "permille": Decimal("0.001"), "‰": Decimal("0.001"), "share": 1}
COUNTS = {"wan": 10**4, "万": 10**4, "万次": 10**4, "万人": 10**4, "thousand": 10**3, "千": 10**3, "million": 10**6}
UNITS = sorted({*MONEY, *SHARES, *COUNTS, *SECONDS})
