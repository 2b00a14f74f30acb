"""What viewers write: phrases by topic in Chinese and English, with the slips of fast typing."""

from __future__ import annotations

import numpy as np

from liveshop.world import draws
from liveshop.world.rooms.sessions import TOPICS

# {n} a number such as a height or weight, {c} a colour, {p} a price
PHRASES = {
    "size": [
        "身高{n}穿什么码", "{n}斤穿L还是XL", "M码还有吗", "偏大还是偏小", "尺码正吗", "小个子能穿吗", "腰围多少",
        "微胖可以穿吗", "裤长多少", "有没有加大码", "what size for {n} cm", "does it run small",
        "is M still there", "size chart please", "I am {n} kg, L or XL?", "too long for petite?", "waist in cm?",
        "fits true to size?",
    ],
    "price": [
        "多少钱", "今天什么价", "有优惠券吗", "还能便宜点吗", "{p}能拿下吗", "比昨天贵了?", "满减怎么算",
        "价格再报一下", "怎么领券", "how much", "price please", "any coupon today?", "can you do {p}?",
        "cheaper than yesterday?", "is there a discount for two", "what is the final price",
    ],
    "material": [
        "什么面料", "会起球吗", "透不透", "纯棉的吗", "会缩水吗", "夏天穿热不热", "能机洗吗", "里面有内衬吗",
        "what fabric is it", "is it 100% cotton", "see-through?", "does it pill", "can I machine wash it",
        "is it lined", "too warm for summer?",
    ],
    "shipping": [
        "什么时候发货", "几天能到", "包邮吗", "发什么快递", "新疆能发吗", "周末前能收到吗", "现货吗还是预售",
        "有运费险吗", "when do you ship", "free shipping?", "how many days to arrive",
        "do you ship to the north", "in stock or pre-order?", "which courier",
    ],
    "service": [
        "可以退换吗", "客服怎么不回", "怎么改地址", "退款多久到", "换货怎么弄", "已经下单了帮忙备注",
        "七天无理由吗", "can I return it", "service does not answer", "how to change my address",
        "how long for a refund", "please add a note to my order",
    ],
    "praise": [
        "好看", "主播穿着真好看", "已经买了第三件了", "质量很好", "上次买的超喜欢", "爱了爱了", "这个颜色绝了",
        "{c}太美了", "性价比高", "回购了", "love it", "so pretty", "bought it last time, great quality",
        "the {c} one is gorgeous", "best tee I own", "looks amazing on you", "good value",
        "my third one already",
    ],
    "complaint": [
        "上次买的掉色", "质量一般", "和图片不一样", "太慢了", "线头好多", "色差有点大", "收到有味道", "又没抢到",
        "mine faded after one wash", "not like the picture", "loose threads", "poor quality last time",
        "sold out again?!", "smells odd", "colour is off",
    ],
    "chat": [
        "来了来了", "晚上好", "主播好", "哈哈哈", "666", "打卡", "1", "第一次来", "刚下班", "从短视频过来的",
        "扣1", "主播今天好精神", "想看{c}", "还有几分钟抽奖", "吃饭了吗", "hi", "hello everyone", "lol",
        "first time here", "good evening", "just got home", "1", "haha", "greetings from city B",
        "can you show {c}", "when is the next draw", "back again",
    ],
    "picture": [
        "卡了", "好卡", "画面糊了", "没声音", "声音和画面不同步", "转圈了", "是我网不好吗", "黑屏了",
        "it is lagging", "the picture froze", "no sound", "buffering...", "is it my network?", "blurry",
        "sound is out of sync", "black screen",
    ],
}
ODD = {  # strings that a careless page or sheet would execute, and other traps
    "chat": [
        "<b>hi</b>", "=1+1", "<script>hello</script>", "@all", "-1", "+1", "&nbsp;hello",
    ],
    "price": [
        "=SUM(1,2) how much?", "<b>how much</b>", "price < 100?", "+99",
    ],
    "complaint": [
        '=HYPERLINK("http://example.invalid","refund here")', "<i>never again</i>", "<img src=x> what is this",
    ],
    "service": [
        '=HYPERLINK("http://example.invalid","service")', "refund & return?",
    ],
}
COLOURS = ["白色", "黑色", "奶咖", "雾蓝", "红色", "white", "black", "sage", "navy", "cream"]
SOUNDS_ALIKE = {
    "吗": "嘛", "什么": "啥", "多少": "多烧", "好看": "好康", "质量": "质亮", "尺码": "尺马", "发货": "发或",
    "退": "腿",
}
EMOJI = ["😂", "👍", "❤️", "😭", "🔥", "😍", "🙏", "👗", "✨", "🤔"]


def _typo(text, random):
    """The text with a slip: a letter lost, doubled or swapped, or a character that sounds alike."""
    if text.isascii() and len(text) > 4:
        i = int(random.integers(1, len(text) - 1))
        lost, doubled = text[:i] + text[i + 1 :], text[:i] + text[i] + text[i:]
        swapped = text[: i - 1] + text[i] + text[i - 1] + text[i + 1 :]
        return (lost, doubled, swapped)[int(random.integers(3))]
    for a, b in SOUNDS_ALIKE.items():
        if a in text:
            return text.replace(a, b, 1)
    return text + text[-1]


def pool(seed, topic, count=160):
    """Variants of the phrases of a topic, the common ones first."""
    random = draws.generator(seed, "phrases", topic)
    chinese = [p for p in PHRASES[topic] if not p.isascii()]
    english = [p for p in PHRASES[topic] if p.isascii()]
    variants = []
    for i in range(count):
        text = str(random.choice(chinese if random.random() < 0.68 else english))
        colour = COLOURS[int(random.integers(5)) + (5 if text.isascii() else 0)]
        # a height in centimetres, a weight in kilograms or in pounds (斤)
        low, high = (150, 176) if "cm" in text or "身高" in text else (45, 80) if "kg" in text else (95, 160)
        number = int(random.integers(low, high))
        text = text.format(n=number, c=colour, p=int(random.integers(6, 40)) * 10 - 1)
        if i >= 30:
            if random.random() < 0.25:
                text = _typo(text, random)
            if random.random() < 0.22:
                text += str(random.choice(EMOJI)) * int(random.integers(1, 4))
            if random.random() < 0.12:
                text += str(random.choice(["!!", "???", "~", "。。。", " plz", "呀", "啊啊啊"]))
            if text.isascii() and random.random() < 0.15:
                text = text.upper()
        variants.append(text)
    return variants + ODD.get(topic, [])


def texts(seed, identity, number, topic):
    """Comment texts, one for each comment, as an array of objects."""
    result = np.empty(len(topic), dtype=object)
    u = draws.uniform(seed, "text", identity, number)
    for k, name in enumerate(TOPICS):
        own = np.flatnonzero(topic == k)
        options = np.array(pool(seed, name), dtype=object)
        weight = np.where(np.arange(len(options)) < 30, 3.0, 0.7)
        result[own] = options[np.searchsorted(np.cumsum(weight) / weight.sum(), u[own])]
    return result
