"""Lines of the hosts' scripts and a screen that flags some for a person: judged by line and by sentence."""

import numpy as np
import pandas as pd

from liveshop.tables.memory import once_per_tables

TERMS = ("最", "第一", "国家级", "顶级", "唯一", "永久", "百分之百", "绝对")    # Qinghe's list, older than these lines
TEN = (("breach", True, 4), ("breach", False, 2), ("unclear", True, 1), ("fine", True, 2), ("fine", False, 1))


def flagged(lines, terms=TERMS):
    """Whether each line holds one of the terms."""
    return lines.text.map(lambda text: any(term in text for term in terms)).astype(bool)


@once_per_tables
def lines(tables):
    """The lines with sentence (the text without the product's name), breach and flagged."""
    named = tables.script_lines.merge(tables.products[["product_id", "name_zh"]], on="product_id", how="left")
    sentence = [text.replace(name, "…") if isinstance(name, str) else text
                for text, name in zip(named.text, named.name_zh, strict=True)]
    return named.drop(columns="name_zh").assign(
        sentence=sentence, breach=named.label == "breach", flagged=flagged(named))


def judged(found, breach, sentence=None, draws=400, seed=0):
    """Precision and recall of a screen, each with its interval (95 %): frame of estimate, low, high.

    found, breach : whether each line is flagged, and is a breach. sentence : what the luck is drawn by; with it whole
    sentences are drawn, without it lines, as if each had been thought of alone.
    """
    table = pd.DataFrame({"both": found & breach, "found": found, "breach": breach}).astype(int)
    by = np.arange(len(table)) if sentence is None else pd.factorize(sentence)[0]
    sums = table.groupby(by).sum().to_numpy()
    drawn = np.random.default_rng(seed).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), draws) @ sums
    rows = {}
    for name, below in (("precision", 1), ("recall", 2)):
        total = sums.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            low, high = np.nanquantile(drawn[:, 0] / drawn[:, below], [0.025, 0.975])
        rows[name] = total[0] / total[below] if total[below] else np.nan, low, high
    return pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "low", "high"])


@once_per_tables
def learned(tables):
    """How likely a breach each line looks to a model of its letters, and on which lines that was learned.

    Logistic regression on single letters and pairs. Columns: "the same lines" (learned on all of them), "other lines"
    (a fifth left out at a time) and "other sentences" (whole sentences left out).
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, KFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    own = lines(tables)
    model = make_pipeline(CountVectorizer(analyzer="char", ngram_range=(1, 2), binary=True), LogisticRegression())
    ways = {"other lines": (KFold(5, shuffle=True, random_state=0), None),
            "other sentences": (GroupKFold(6, shuffle=True, random_state=0), own.sentence)}
    scores = {"the same lines": model.fit(own.text, own.breach).predict_proba(own.text)[:, 1]}
    for name, (parts, groups) in ways.items():
        scores[name] = cross_val_predict(model, own.text, own.breach, cv=parts, groups=groups,
                                         method="predict_proba")[:, 1]
    return pd.DataFrame(scores)


@once_per_tables
def ten_lines(tables):
    """Ten lines to judge, each another sentence, the flagged ones among the others; numbered from 1."""
    own = lines(tables).drop_duplicates("sentence")
    chosen = [own[(own.label == label) & (own.flagged == found)].head(count) for label, found, count in TEN]
    chosen = pd.concat(chosen).sort_values("line_id")
    return chosen.set_axis(range(1, len(chosen) + 1)).rename_axis("line")
