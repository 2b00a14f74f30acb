"""Reading what somebody wrote about a night: words for links, people, times and acts, and numbers.

In English and Chinese, as the trade writes them. Used by exercise 5.4d, which judges a verdict in three lines.
"""

import re

LINK_WORDS = {
    "entries": r"entries|views|viewers|traffic|观看|流量|进房|进入|场观",
    "clicks per view": r"click[- ]?through|clicks? (?:per|rate|by)|clicks?/views?|click rate|\bctr\b|live ctr"
                       r"|点击率|商品点击",
    "orders per click": r"orders? per click|\bctor\b|order rate|conversion|click[- ]to[- ]order|orders?/clicks?"
                        r"|转化|点击成交",
    "money per order": r"money per order|basket|\baov\b|order value|per order|average order|客单|件单|订单均价",
}
FELL = r"fell|fall|down|drop|declin|lost|less|lower|below|short|−|-\s?[¥\d]|下降|减少|跌|降|少"
MONEY = r"gmv|sales|revenue|turnover|takings|成交|销售额|交易额"
ROSE = r"rose|rise|up\b|gain|grew|more|higher|better|helped|increase|上升|增加|增长|涨|提高"
WHO = (r"host|assistant|director|analyst|operator|technician|desk|moderator|team|manager|planner|service|buyer|producer"
       r"|\b[A-Z][a-z]+ (?:will|takes|does|checks|puts|stands)"
       r"|主播|助播|中控|运营|场控|导播|技术|客服|团队|负责")
WHEN = (r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|tonight|next|week|month"
        r"|before|by \d|from \d|within|minute|\d+\s?(?:june|july|august|september|:)"
        r"|下一?[场周次]|明[天晚日]|本周|下周|周[一二三四五六日天]|之前|开播|分钟|\d+月|\d+日")
DO = (r"put|keep|move|change|test|check|stand|take|show|pin|replace|train|add|cut|stop|start|swap|rehears|assign|give"
      r"|raise|lower|bring|open|shorten|cover|try|run"
      r"|换|改|调|试|检查|安排|培训|增加|减少|上架|补|提前|顶上|接替|排")
_DATES = r"\b(?:by|from|at) \d+[:.]?\d*\b|\d+:\d+|\d+\s?(?:june|july|august|月|日)|S0\d+"
_UNITS = {"万": 1e4, "k": 1e3, "thousand": 1e3, "千": 1e3, "": 1.0}


def says(pattern, text):
    """Is one of the words in the text? Upper and lower case are alike."""
    return re.search(pattern, text, re.I) is not None


def numbers(text):
    """Numbers in a text: ¥8,392.5, 8.4k, 1.2万, 26 % (as 0.26)."""
    found = re.findall(r"(\d[\d,]*\.?\d*)\s*(万|k\b|thousand|千|%|per ?cent|个百分点)?", text, re.I)
    return [float(raw.replace(",", "").rstrip(".")) * _UNITS.get(unit.lower(), 0.01) for raw, unit in found]


def has(text, value, share=0.02):
    """Does the text hold this number, within a share of it (or as rounded to two digits)?"""
    value = abs(value)
    return any(abs(one - value) <= max(share * value, 0.006 if value < 1 else 0.5) for one in numbers(text))


def numbers_but_dates(text):
    """`numbers` of a text without its dates, times of day and broadcasts."""
    return numbers(re.sub(_DATES, " ", text, flags=re.I))
