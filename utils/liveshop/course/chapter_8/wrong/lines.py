"""Wrong judgements about the lines of a script: what makes each a breach, unclear, or fine."""

from liveshop.course.chapter_8.samples import scripts

REASONS = {  # a piece of the line: why it is what it is (orientation, not legal advice)
    "全网最好": "It gives the product a rank that nobody can show: “the best”. Advertising Law Art. 9(3).",
    "销量第一": "It claims first place nationwide without a basis. Advertising Law Art. 9(3).",
    "国家级": "“National-level” is among the words that the law itself names. Advertising Law Art. 9(3).",
    "顶级工艺": "It claims a top grade that no standard gives. Advertising Law Art. 9(3).",
    "永久不起球": "It promises for ever what no fabric keeps. A false promise: Measures Art. 34.",
    "历史最低价": "It compares with a price without showing its basis. Measures Art. 32.",
    "颈椎病": "It claims a cure by clothing, and holds no listed word. Measures Art. 34.",
    "原价一千二": "It shows a price cut without a basis, and holds no listed word. Measures Art. 32.",
    "只剩三件": "It invents scarcity, for the stock list says more, and holds no listed word. Measures Art. 34.",
    "都是假货": "It says that a rival cheats, and holds no listed word. Measures Art. 34.",
    "最值得买": "“May be the most worth buying” is half a rank, half an opinion. A person has to decide.",
    "绝对显瘦": "“Absolutely” is about an impression that buyers can see. A person has to decide.",
    "第一次做": "“Only” may be about this shop's own range. A person has to decide.",
    "透气": "It may be true, and it needs a test report. A person has to decide.",
    "洗多少次": "It is a hope or a promise, by how it is meant. A person has to decide.",
    "很多明星": "It is true or false, and nobody shows it. A person has to decide.",
    "我自己最喜欢": "“Most” is about the speaker's own taste, and no rank of the product.",
    "第一排": "“First” is a row of links, and no rank of the product.",
    "最后提醒": "“Last” is a moment, and no rank of the product.",
    "三个颜色": "It says colours and sizes that anybody can check.",
    "机洗": "It says fabric and care that anybody can check.",
    "模特": "It says size and height that anybody can check.",
    "七天": "It says how goods go back, as the rule has it.",
    "四十八小时": "It says when the goods ship, and where presale is told.",
}


def reason(text):
    """Why this line is what it is."""
    return next((words for piece, words in REASONS.items() if piece in text), "Read what the line claims.")


def of_lines(asked):
    """Each line, judged as each of the other two."""
    for number, row in asked.ten.iterrows():
        for other in ("breach", "unclear", "fine"):
            if other != row.label:
                judged = "a breach" if row.label == "breach" else row.label
                yield {f"line_{number}": other}, f"It is {judged}. {reason(row.text)}"


def carried(asked):
    """A label that is wrong, and the two shares that follow from it."""
    ten = asked.ten
    for number, row in ten.iterrows():
        breach = ten.breach.copy()
        breach[number] = not row.breach
        both = (ten.flagged & breach).sum()
        shares = {"precision": both / ten.flagged.sum(), "recall": both / breach.sum()}
        changed = {name: value for name, value in shares.items()
                   if abs(value - asked.right_shares[name]) > 0.0051}
        for other in ("unclear", "fine") if row.breach else ("breach",):
            judged = "a breach" if row.label == "breach" else row.label
            yield {f"line_{number}": other, **changed}, (
                f"Line {number} is {judged}. {reason(row.text)} Precision and recall follow from that.")


def of_the_list(asked):
    """Precision and recall of the list, turned round or with the unclear lines."""
    ten = asked.ten
    breach, unclear, found = ten.breach, ten.label == "unclear", ten.flagged
    *_, precision, recall = asked.right()
    both = (found & breach).sum()
    yield {"precision": recall, "recall": precision}, "Precision and recall are exchanged."
    yield {"precision": (found & (breach | unclear)).sum() / found.sum()}, (
        "You counted unclear lines as breaches. Asked are breaches alone.")
    yield {"recall": (found & (breach | unclear)).sum() / (breach | unclear).sum()}, (
        "You counted unclear lines as breaches. Asked are breaches alone.")
    yield {"precision": both / len(ten)}, "Divide by the lines that the list flags, not by all ten."
    yield {"recall": both / len(ten)}, "Divide by the breaches, not by all ten."
    yield {"precision": found.mean()}, "That is the share of lines that the list flags."
    yield {"recall": breach.mean()}, "That is the share of breaches among the ten."
    yield {"precision": 1 - precision}, "That is the share of flags that are no breach."
    yield {"recall": 1 - recall}, "That is the share of breaches that the list misses."
    decided = "You left the unclear lines out. They are no breaches, and count below the line."
    yield {"precision": both / (found & ~unclear).sum()}, decided
    yield {"recall": both / (breach | unclear).sum()}, "Below the line stand the breaches, without the unclear lines."
    own = "That takes the list's own flags for the truth. Compare them with your labels."
    yield {"precision": 1.0, "recall": 1.0}, own
    yield {"precision": 1.0}, own
    yield {"recall": 1.0}, own
    yield {"precision": both}, "That is a count. Divide by the lines flagged."
    yield {"recall": both}, "That is a count. Divide by the breaches."


def of_other_measures(asked):
    """Other shares of the same four counts, and those of all lines."""
    ten = asked.ten
    breach, found = ten.breach, ten.flagged
    both, neither = (found & breach).sum(), (~found & ~breach).sum()
    said = "That is the share of lines on which list and labels agree."
    for name in ("precision", "recall"):
        yield {name: (found == breach).mean()}, said
        yield {name: 2 * both / (found.sum() + breach.sum())}, "That is F1, which mixes the two. Asked is each."
        yield {name: neither / (~breach).sum()}, "That is of the lines that are no breach: how many are not flagged."
        yield {name: 1 - neither / (~breach).sum()}, "That is of the lines that are no breach: how many are flagged."
        yield {name: neither / (~found).sum()}, "That is of the lines not flagged: how many are no breach."
    everything = scripts.lines(asked.tables)
    whole = scripts.judged(everything.flagged, everything.breach, draws=2).estimate
    for name in ("precision", "recall"):
        yield {name: whole[name]}, "That is of all lines. Asked are these ten."
