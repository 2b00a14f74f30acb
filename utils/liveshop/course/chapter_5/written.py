"""Reading what somebody wrote about a night: words for links, people, times and acts, and numbers.

In English and Chinese, as the trade writes them. Used by exercise 5.4d, which judges a verdict in three lines.
"""

import re

LINK_WORDS = {
    "entries": r"entries|views|viewers|traffic|观看|流量|进房|进入|场观",
    "clicks per view": r"click[- ]?through|clicks? (?:per|rate|by)|clicks?/views?|click rate|\bctr\b|live ctr"
                       r"|点击率|商品点击",
    "orders per click": r"orders? per click|orders?/clicks?|\bctor\b|order rate|conversion|click[- ]to[- ]order"
                        r"|clicks? (?:became|turned into|led to|ended in)"
                        r"|转化|成交率|点击成交|点击到成交|下单率|成单率|订单/点击|每次点击",
    "money per order": r"money per order|basket|\baov\b|order value|per order|average order"
                       r"|客单|件单|订单均价|每单金额",
}
MONEY = r"gmv|sales|revenue|turnover|takings|\bmade\b|\b(?:took|brought) in\b|earned|成交|销售额|交易|营收|[少多]?卖了?"
FELL = (r"fell|fall|down|drop|declin|decreas|lost|loss|less|fewer|lower|below|short|cost|took(?! in)|worst|weak|worse"
        r"|shr[aiu]nk|cut|−|-\s?[¥\d]|下降|下滑|减少|跌|降|少|低|滑|掉|差|损失|拖累|缩水|亏")
ROSE = (r"\brose|\bris(?:e|ing)|\bup\b|gain|grew|grow|more|higher|better|best|helped|increas|improv|brought|added"
        r"|上升|增加|增长|涨|提高|提升|改善|带来|贡献")
_NOT_FELL = (r"(?:did not|didn't|not|never|no) (?:fall|fell|drop|decline|lose)\w*"
             r"|没有?(?:下降|下滑|减少|跌|降)|并未(?:下降|减少)")
BROKEN = (r"broken|link (?:was |is |went )?(?:down|dead|fail\w*)|link failure|failed link|outage"
          r"|43\s*(?:to|and|–|-|—|~|到|至)\s*48|断链|链接|失效|故障")
SMALL = (r"\b(?:one|1|a single) order|only|just|little|small|hardly|barely|minor|negligible|no more than"
         r"|not (?:the|because|due|from)|一单|1\s?单|一个订单|只|仅|不是|并非|不大|很小|有限")
WHO = (r"host|assistant|controller|merchandis|\bH\d\d\b|\bI\b(?!\.)|director|analyst|operator|technician|desk|moderator"
       r"|team|manager|planner|service|buyer|producer"
       r"|\b[A-Z][a-z]+ (?:will|takes|does|checks|puts|stands)"
       r"|我(?!们)|主播|助播|中控|运营|场控|导播|技术|客服|团队|负责|选品|店长|经理|策划|招商|小[\u4e00-\u9fff]")
WHEN = (r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|tonight|next|week|month"
        r"|before|by \d|from \d|within|minute|\d+\s?(?:june|july|august|september|:)"
        r"|下一?[场周次]|明[天晚日]|本周|下周|周[一二三四五六日天]|之前|开播|分钟|\d+月|\d+日")
DO = (r"put|keep|move|change|test|check|stand|take|show|pin|replace|train|add|cut|stop|start|swap|rehears|assign|give"
      r"|raise|lower|bring|open|shorten|cover|try|run|rewrit|write|\bnames?\b|stock|fix|prepare|explain|tell|offer|split"
      r"|remove|delay|answer|reorder|refill|practi[cs]|remind|announce|repeat|demonstrat|drop"
      r"|报|写|换|改|调|试|查|安排|培训|增|加|减|上架|补|提前|顶上|接替|排|恢复|放|讲|占|缩短|延长|提高|降")
MOST = r"most|mainly|largest|biggest|above all|chief|最|主要|首要"
_RATES = ("clicks per view", "orders per click")
_LEAST = r"above|over|exceed\w*|at least|reach\w*|back (?:to|at|above)|>=?|≥|高于|超过|达到|至少|不低于|回到|大于"
_MEASURE = (r"%|per ?cent|¥|元|\d\.\d|百分|万|\d\s?k\b|thousand|above|below|under|over|exceed|least|most|more|fewer"
            r"|less|reach|back to|≥|≤|[<>]|orders|clicks|views|minutes|seconds|viewers"
            r"|高于|低于|超过|达到|至少|不到|回到|以上|以下|单|次|人")
_DATES = r"\b(?:by|from|at) \d+[:.]?\d*\b|\d+:\d+|\d+\s?(?:june|july|august|月|日)|S0\d+"
_UNITS = {"万": 1e4, "k": 1e3, "thousand": 1e3, "千": 1e3, "": 1.0}


def goes_up(text):
    """Does the text say that something rose, or did not fall, and nowhere that it fell?"""
    told = re.sub(_NOT_FELL, " ", text, flags=re.I)
    return (says(ROSE, told) or told != text) and not says(FELL, told)


def starts_at(text):
    """The number from which something went to another, as in "from 8,392" or "从8392", or None."""
    found = re.search(r"(?:from|从|由)\D{0,12}?(?=\d)", text, re.I)
    return numbers(text[found.end():])[0] if found else None


def turned_round(text, earlier, later):
    """Does the text say that the earlier broadcast made less than the later one?"""
    return says(rf"{earlier}\b[^.;。]{{0,40}}?(?:below|under|(?:less|lower|fewer) than|short of)[^.;。]{{0,15}}{later}"
                rf"|{earlier}\s*比\s*{later}[^。;]*?[少低]"
                rf"|{later}\b[^.;。]{{0,40}}?(?:above|more than|higher than)[^.;。]{{0,15}}{earlier}"
                rf"|{later}\s*比\s*{earlier}[^。;]*?[多高]", text)


def rate_aimed_at(text):
    """(Which rate of the chain, the least that it is to reach, as a fraction) in a target, or None."""
    link = next((link for link in _RATES if says(LINK_WORDS[link], text)), None)
    found = re.search(rf"(?:{_LEAST})[^\d,;，；]{{0,12}}(?=\d)", text, re.I)
    if not link or not found:
        return None
    value = numbers(text[found.end():])[0]
    return link, value / 100 if value >= 2 else value        # "above 12" means per cent


def decides(text):
    """Is there a number that is measured, beside dates, times of day and broadcasts?"""
    return bool(numbers_but_dates(text)) and says(_MEASURE, re.sub(_DATES, " ", text, flags=re.I))


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
