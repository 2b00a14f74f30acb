"""The words for units and scales, and what each of them makes of a number."""

import unicodedata
from decimal import Decimal

SCALES = {"千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12,
          "만": 10**4, "억": 10**8, "lakh": 10**5, "crore": 10**7, "rb": 10**3, "ribu": 10**3, "jt": 10**6,
          "juta": 10**6, "tr": 10**6, "triệu": 10**6, "พัน": 10**3, "หมื่น": 10**4, "แสน": 10**5, "ล้าน": 10**6,
          "w": 10**4, "k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9}
SECONDS = {}
for names, length in (
    ("ms msec milliseconds millisecond 毫秒 毫秒鐘", Decimal("0.001")),
    ("s sec secs second seconds 秒 秒钟 秒鐘 초 วินาที วิ giây detik dtk saat segundo segundos sek sekunde sekunden "
     "seconde secondes secondo secondi секунд секунды секунда сек с", 1),
    ("m min mins minute minutes 分 分钟 分鐘 분 นาที phút menit mnt minit minuto minutos minuten minuti минут минуты "
     "минута мин м", 60),
    ("h hr hrs hour hours 时 小时 時 小時 時間 시간 ชั่วโมง ชม. giờ jam jam. hora horas std std. stunde stunden heure "
     "heures ora ore часов часа час ч", 3600),
    ("d day days 天 日 일 วัน ngày hari día días dia dias tag tage jour jours giorno giorni дней дня день д", 86400)):
    SECONDS |= {unicodedata.normalize("NFKC", name): Decimal(length) for name in names.split()}
SECONDS |= {f"{name}.": SECONDS[name] for name in ("min", "sec", "hr", "hrs", "сек", "мин", "sek")}

# unit: of a mapping, or in brackets behind a heading → factor to the contract's unit
MONEY = {"fen": Decimal("0.01"), "分": Decimal("0.01"), "yuan": 1, "元": 1, "cny": 1, "rmb": 1, "¥": 1, "wan": 10**4,
         "万": 10**4, "万元": 10**4, "thousand": 10**3, "千元": 10**3, "亿元": 10**8}
SHARES = {
    "percent": Decimal("0.01"), "%": Decimal("0.01"), "permille": Decimal("0.001"), "‰": Decimal("0.001"), "share": 1}
COUNTS = {"wan": 10**4, "万": 10**4, "万次": 10**4, "万人": 10**4, "thousand": 10**3, "千": 10**3, "million": 10**6}
UNITS = sorted({*MONEY, *SHARES, *COUNTS, *SECONDS})

# What is counted, in brackets behind a heading: 成交订单数（笔）
COUNTERS = frozenset("人 人次 次 件 个 单 场 场次 笔 条 pcs 명 건 회".split())

CURRENCIES = frozenset(  # ISO 4217
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV
    WST XAF XCD XOF XPF YER ZAR ZMW ZWG""".split())
_DOLLARS = "USD AUD CAD NZD SGD HKD TWD MXN CLP COP ARS BND JMD TTD"
# Sign or code → the currencies that it stands for. A sign is found in any case, behind or in front of the number.
_SIGNS = {
    "¥": "CNY JPY", "元": "CNY TWD HKD", "圆": "CNY", "rmb": "CNY", "cn¥": "CNY", "jp¥": "JPY", "円": "JPY",
    "₩": "KRW", "원": "KRW", "nt$": "TWD", "ntd": "TWD", "hk$": "HKD", "$": _DOLLARS, "us$": "USD", "s$": "SGD",
    "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "mx$": "MXN", "r$": "BRL", "€": "EUR",
    "£": "GBP EGP", "rp": "IDR", "rp.": "IDR", "rm": "MYR", "฿": "THB", "บาท": "THB", "₫": "VND", "đ": "VND",
    "vnđ": "VND", "₱": "PHP", "₹": "INR", "rs": "INR PKR LKR NPR MUR", "rs.": "INR PKR LKR NPR MUR", "fr.": "CHF",
    "sfr.": "CHF", "zł": "PLN", "kč": "CZK", "ft": "HUF", "kr": "SEK NOK DKK ISK", "kr.": "SEK NOK DKK ISK",
    "lei": "RON", "лв": "BGN", "лв.": "BGN", "₽": "RUB", "руб": "RUB", "руб.": "RUB", "р.": "RUB", "₴": "UAH",
    "грн": "UAH", "₸": "KZT", "₺": "TRY", "tl": "TRY", "₪": "ILS", "dh": "AED MAD", "dhs": "AED MAD", "sr": "SAR",
    "₦": "NGN", "₵": "GHS", "gh₵": "GHS", "ksh": "KES", "₡": "CRC", "s/": "PEN", "s/.": "PEN", "₲": "PYG", "₮": "MNT",
    "₭": "LAK", "៛": "KHR", "৳": "BDT"}
SIGNS = {**{sign: frozenset(codes.split()) for sign, codes in _SIGNS.items()},
         **{code.lower(): frozenset([code]) for code in CURRENCIES}}
