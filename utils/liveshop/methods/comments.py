"""What are they asking? A small, open dictionary that tags comments, and how often it is wrong.

A dictionary can be read, argued about and mended by the team in an afternoon; that is worth some
accuracy. It is only as good as its error rate on comments that a person has labelled, so
:func:`tag_errors` belongs to every use.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

# Topic -> words, English and Chinese. Latin words match whole words (a final * allows endings);
# Chinese ones match anywhere, since Chinese does not put spaces between words. Of topics with
# equally many hits the one further up wins: a complaint about the price is a complaint.
TOPICS = {
    "complaint": "bad terrible awful worst scam fake rip-off ripoff disappoint* broken torn damaged wrong "
                 "never unhappy angry useless cheat* lie liar poor 差评 太差 骗 假货 坏了 破了 失望 垃圾 投诉 "
                 "不值 发错 色差 掉色 后悔 别买 差劲 不满意 质量差 线头 有味道 和图片不一样",
    "picture": "lag* stutter* freez* frozen blurry blur sound audio voice volume screen video picture stream "
               "loading buffer* mute* 卡顿 卡了 卡死 卡住 好卡 很卡 太卡 转圈 黑屏 声音 没声 听不见 看不清 "
               "模糊 画面 画质 掉线 加载",
    "size": "size* fit fits fitting small medium large xl xxl xs tall height weight kg cm waist bust hip* "
            "short long loose tight petite 尺码 码 大小 偏大 偏小 身高 体重 斤 公斤 多高 小个子 穿多大 腰围 "
            "胸围 臀围 裤长 显瘦 胖 宽松 紧",
    "price": "price* cheap* expensive cost* discount* coupon* deal* yuan how-much sale off voucher* budget "
             "多少钱 价格 便宜 贵 优惠 优惠券 券 打折 折扣 几折 降价 划算 块钱 满减 什么价 拿下 活动价 包邮价",
    "material": "material* fabric* cotton wool silk linen polyester thick* thin* soft warm breathable wash* "
                "shrink* lining stretch* itchy see-through 面料 材质 纯棉 棉 羊毛 真丝 丝 亚麻 厚 薄 透气 "
                "透不透 柔软 缩水 起皱 弹力 里衬 内衬 起球 pill* 水洗 机洗 热不热 扎人",
    "shipping": "ship* deliver* arriv* courier express parcel post* tracking dispatch* customs 发货 快递 物流 "
                "几天到 到货 包邮 邮费 运费 寄 顺丰 送到 什么时候到 多久到 几天能到 能发 收到吗 现货 预售",
    "service": "service refund* return* agent reply answer* support help* customer-service exchange* warranty "
               "invoice 客服 回复 售后 退换 退货 退款 换货 保修 发票 联系 没人理 人工",
    "praise": "love* great nice beautiful lovely perfect amazing good gorgeous pretty best excellent wow "
              "happy satisf* recommend* 好看 喜欢 漂亮 不错 好评 满意 完美 爱了 美 绝了 值得 推荐 太好 很好 "
              "回购 支持 性价比",
}
OTHER = "chat"      # what no word catches

_GOOD = ("love* great nice beautiful lovely perfect amazing good gorgeous pretty best excellent wow happy "
         "satisf* recommend* thank* 好看 喜欢 漂亮 不错 好评 满意 完美 爱了 绝了 值得 推荐 太好 回购 支持 "
         "谢谢 👍 ❤ 😍 🥰 😊 🎉 💕")
_BAD = ("bad terrible awful worst scam fake rip-off ripoff disappoint* broken torn damaged wrong angry "
        "useless cheat* poor hate* annoy* lag* stutter* freez* expensive 差评 太差 骗 假货 坏了 破了 失望 "
        "垃圾 投诉 不值 发错 色差 掉色 后悔 差劲 太贵 卡顿 卡了 卡死 好卡 很卡 太卡 不好看 不喜欢 不满意 "
        "不推荐 👎 😡 😤 💔 😠")
_NOT = re.compile(r"\b(?:not|no|never|isn'?t|don'?t|doesn'?t|didn'?t|wasn'?t|can'?t)\s+(?:\w+\s+)?$|[不没别]\s?$", re.I)


def _pattern(words):
    parts = []
    for word in words.split():
        body = re.escape(word.rstrip("*").replace("-", " ")).replace(r"\ ", r"[\s-]?")
        if word.isascii():
            body = rf"\b{body}\w*" if word.endswith("*") else rf"\b{body}\b"
        parts.append((len(word), body))
    # Longest first, so that a word inside another word is not counted beside it.
    return re.compile("|".join(body for _, body in sorted(parts, reverse=True)), re.I)


def tag(texts, topics=None):
    """Topic of each comment: the one with most words in it, ``chat`` where none is found.

    ``topics``: {topic: words parted by spaces}, by default :data:`TOPICS`. Returns a Series like ``texts``.
    """
    patterns = {topic: _pattern(words) for topic, words in (topics or TOPICS).items()}
    texts = pd.Series(texts)

    def one(text):
        hits = {topic: len(pattern.findall(text)) for topic, pattern in patterns.items()}
        best = max(hits, key=hits.get)                # the first of equals
        return best if hits[best] else OTHER

    # Rooms repeat themselves: each different text is read once.
    plain = texts.fillna("").astype(str)
    found = {text: one(text) for text in plain.unique()}
    return plain.map(found).rename("topic")


def tag_errors(tags, labels):
    """How good the tags are, on comments that a person labelled.

    Comments without a label are left out. One row a topic: labelled, tagged, precision (right /
    tagged), recall (right / labelled); ``.attrs["error_rate"]`` is wrong / all labelled, with its 95 %
    interval in ``.attrs["error_interval"]`` (Wilson). Test on labels that were not used to
    choose the words, or the error rate flatters.
    Raises ValueError when no comment has a label.
    """
    from statsmodels.stats.proportion import proportion_confint

    pair = pd.DataFrame({"tag": np.asarray(tags, object), "label": np.asarray(labels, object)})
    pair = pair[pair["label"].notna() & (pair["label"] != "")]
    if pair.empty:
        raise ValueError("No comment has a label: let a person label a hundred of them first.")
    right = pair["tag"] == pair["label"]
    names = sorted(set(pair["label"]) | set(pair["tag"]))
    table = pd.DataFrame({
        "labelled": pair["label"].value_counts().reindex(names, fill_value=0),
        "tagged": pair["tag"].value_counts().reindex(names, fill_value=0),
        "right": pair.loc[right, "tag"].value_counts().reindex(names, fill_value=0)})
    table["precision"] = table["right"] / table["tagged"].where(table["tagged"] > 0)
    table["recall"] = table["right"] / table["labelled"].where(table["labelled"] > 0)
    table.index.name = "topic"
    wrong = int((~right).sum())
    table.attrs["error_rate"] = wrong / len(pair)
    table.attrs["error_interval"] = tuple(float(v) for v in proportion_confint(wrong, len(pair), method="wilson"))
    return table.drop(columns="right")


def corrected_shares(tags, errors_tags, labels):
    """Shares of topics among all comments, corrected for the tagger's known errors.

    ``tags``: tags of all comments; ``errors_tags`` and ``labels``: tags and labels of those a person
    read, drawn at random. Each tag's comments are shared out over topics as its labelled ones were.
    Returns tagged (raw share) and corrected, one row a topic.
    """
    pair = pd.DataFrame({"tag": np.asarray(errors_tags, object), "label": np.asarray(labels, object)}).dropna()
    truth_given_tag = pd.crosstab(pair["tag"], pair["label"], normalize="index")
    raw = pd.Series(np.asarray(tags, object)).value_counts(normalize=True)
    names = sorted(set(raw.index) | set(truth_given_tag.columns))
    corrected = pd.Series(0.0, index=names)
    for topic, share in raw.items():
        if topic in truth_given_tag.index:
            corrected = corrected.add(share * truth_given_tag.loc[topic], fill_value=0.0)
        else:
            corrected[topic] += share                 # never labelled: nothing to correct it by
    table = pd.DataFrame({"tagged": raw.reindex(names, fill_value=0.0), "corrected": corrected.reindex(names)})
    table.index.name = "topic"
    return table


def mood(texts):
    """Mood of each comment: +1 good, −1 bad, 0 neither or both. "Not nice" and 不好看 are bad."""
    good, bad = _pattern(_GOOD), _pattern(_BAD)
    texts = pd.Series(texts).fillna("").astype(str)

    def one(text):
        score = -sum(1 for _ in bad.finditer(text))
        spans = [hit.span() for hit in bad.finditer(text)]
        for hit in good.finditer(text):
            if any(begin <= hit.start() < end for begin, end in spans):
                continue                              # the good word is part of a bad one, as in 不好看
            score += -1 if _NOT.search(text[: hit.start()]) else 1
        return int(np.sign(score))

    found = {text: one(text) for text in texts.unique()}
    return texts.map(found).rename("mood")
