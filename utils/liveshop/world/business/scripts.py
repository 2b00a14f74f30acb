"""Lines of the hosts' scripts, some of which break a rule: a list of terms finds a part of them, and flags others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.facts import fact

LINES = 300
TERMS = ("最", "第一", "国家级", "顶级", "唯一", "永久", "百分之百", "绝对")
ABSOLUTE = "Advertising Law Art. 9(3)"
COMPARED = "Live-streaming E-commerce Measures Art. 32"
FALSE = "Live-streaming E-commerce Measures Art. 34"
# (label, holds a term): templates (Chinese, English, article); {zh} and {en} are the product.
TEMPLATES = {
    ("breach", True): [
        ("这款{zh}是全网最好的，没有之一。", "This {en} is the best on the whole net, bar none.", ABSOLUTE),
        ("{zh}，全国销量第一，大家放心买。", "The {en}: first in sales nationwide, buy without a worry.", ABSOLUTE),
        ("国家级面料做的{zh}，只有我们有。", "The {en} in a national-level fabric, only with us.", ABSOLUTE),
        ("顶级工艺，{zh}穿十年都不会变形。", "Top-grade work: the {en} keeps its shape for ten years.", ABSOLUTE),
        ("{zh}永久不起球，起球我赔你十件。", "The {en} never pills; if it does I owe you ten.", FALSE),
        ("{zh}今天是历史最低价，平时卖五倍。", "The lowest price ever for the {en}, it was five times that.", COMPARED),
    ],
    ("breach", False): [
        ("穿上{zh}，颈椎病都好了。", "Wear the {en} and your bad neck is cured.", FALSE),
        ("{zh}原价一千二，今天九十九。", "The {en} was twelve hundred, today ninety-nine.", COMPARED),
        ("{zh}只剩三件了，后台库存清空了。", "Only three of the {en} left, the stock is empty.", FALSE),
        ("隔壁直播间的{zh}都是假货，别去买。", "The {en} in the room next door is fake, do not buy there.", FALSE),
    ],
    ("unclear", True): [
        ("{zh}可能是这个夏天最值得买的一件。", "The {en} may be the one most worth buying this summer.", None),
        ("{zh}绝对显瘦，姐妹们自己看。", "The {en} makes you look absolutely slim, see for yourselves.", None),
        ("我们家第一次做{zh}，唯一的黑色款。", "Our first {en}, and the only one in black.", None),
    ],
    ("unclear", False): [
        ("{zh}的面料很透气，夏天穿不闷。", "The fabric of the {en} breathes, not stuffy in summer.", None),
        ("{zh}洗多少次都跟新的一样。", "The {en} is like new however often you wash it.", None),
        ("很多明星都在穿这款{zh}。", "Many stars wear this {en}.", None),
    ],
    ("fine", True): [
        ("我自己最喜欢的就是这件{zh}。", "What I like most myself is this {en}.", None),
        ("第一排第二个链接是{zh}，尺码看详情。", "The second link in the first row is the {en}, sizes inside.", None),
        ("最后提醒一下，{zh}今天十点截单。", "One last word: orders for the {en} close at ten.", None),
    ],
    ("fine", False): [
        ("{zh}有三个颜色，尺码从S到XL。", "The {en} comes in three colours, sizes S to XL.", None),
        ("{zh}是棉的，机洗用冷水。", "The {en} is cotton, machine wash it cold.", None),
        ("模特一米六五，{zh}穿的是M码。", "The model is 1.65 m and wears the {en} in M.", None),
        ("{zh}七天无理由退换，运费我们出。", "Send the {en} back within seven days, we pay the way.", None),
        ("{zh}四十八小时内发货，预售的看页面。", "The {en} ships within 48 hours, for presale see the page.", None),
    ],
}


def _counts(parameters):
    """Lines of each (label, holds a term)."""
    s = parameters.script
    breach, unclear = (min(round(LINES * share), LINES // 3) for share in (s.breach, s.unclear))
    listed = round(breach * (1 - min(s.hidden, 1.0)))
    others = max(1 - s.innocent - s.doubtful, 0.1)
    innocent, doubtful = (round(listed * share / others) for share in (s.innocent, s.doubtful))
    doubtful = min(doubtful, unclear)
    return {
        ("breach", True): listed,
        ("breach", False): breach - listed,
        ("unclear", True): doubtful,
        ("unclear", False): unclear - doubtful,
        ("fine", True): innocent,
        ("fine", False): LINES - breach - unclear - innocent,
    }


def script_lines(parameters, seed, products):
    """The table `script_lines`: no sentence stands twice about one product."""
    random = draws.generator(seed, "business/scripts")
    rows = []
    for group, count in _counts(parameters).items():
        templates = TEMPLATES[group]
        places = [(t, p) for t in range(len(templates)) for p in range(len(products))]
        for k in random.permutation(len(places))[:count]:
            template, product = templates[places[k][0]], products.iloc[places[k][1]]
            zh, en, article = template
            text = zh.format(zh=product.name_zh), en.format(en=product["name"].lower())
            rows.append((*text, product.product_id, group[0], article))
    names = ["text", "text_en", "product_id", "label", "article"]
    frame = pd.DataFrame(rows, columns=names).iloc[random.permutation(len(rows))].reset_index(drop=True)
    frame.insert(0, "line_id", [f"L{i:03d}" for i in range(1, len(frame) + 1)])
    return frame


def flagged(lines):
    """Whether each line holds a listed term."""
    return np.array([any(term in text for term in TERMS) for text in lines.text])


def truths(lines):
    """Truths of the scripts."""
    found, breach = flagged(lines), (lines.label == "breach").to_numpy()
    return {
        "screen.terms": fact(list(TERMS), "Terms of the list with which the scripts can be screened."),
        "screen.recall": fact(
            round(float((found & breach).sum() / max(breach.sum(), 1)), 3), "Share of the breaches that the list flags."
        ),
        "screen.precision": fact(
            round(float((found & breach).sum() / max(found.sum(), 1)), 3), "Share of flagged lines that are breaches."
        ),
    }
