"""Channels, hosts and products of Qinghe."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from liveshop.world.calendar import START
from liveshop.world.draws import generator

CHANNELS = pd.DataFrame(
    [
        ("interest_video", "Interest video", "兴趣短视频", 0.055, 0.006, 1.45, 1.05),
        ("community_video", "Community video", "社区短视频", 0.050, 0.006, 1.05, 1.00),
        ("marketplace", "Marketplace", "综合货架电商", 0.060, 0.006, 0.90, 1.05),
        ("quality_retail", "Quality retail", "品质零售电商", 0.080, 0.006, 0.60, 0.90),
        ("group_deal", "Group deals", "拼团电商", 0.030, 0.006, 0.95, 0.95),
    ],
    columns=["channel_id", "name", "name_zh", "take_rate", "payment_fee_rate", "audience", "clicks"],
)
CHANNEL_IDS = tuple(CHANNELS.channel_id)
CHANNEL_NAMES = np.array(CHANNEL_IDS, dtype=object)

# Share of entries by source (feed, follow, search, share, video); paid entries come on top, from the spend.
SOURCE_MIX = np.array(
    [
        [0.58, 0.19, 0.05, 0.06, 0.12],
        [0.42, 0.29, 0.05, 0.10, 0.14],
        [0.34, 0.27, 0.27, 0.07, 0.05],
        [0.32, 0.28, 0.26, 0.08, 0.06],
        [0.38, 0.14, 0.09, 0.35, 0.04],
    ]
)
MIX_SOURCES = ("feed", "follow", "search", "share", "video")


class Category(NamedTuple):
    """A category of clothes: range of list prices (CNY), share of the price that is cost, refunds, styles.

    refund_ratio: refunds against the average product; what must fit the body comes back most.
    """

    low: float
    high: float
    cost_share: float
    refund_ratio: float
    styles: dict[str, str]  # name -> Chinese name


CATEGORIES = {
    "t-shirt": Category(69, 139, 0.40, 0.75, {
        "Cloud tee": "云朵T恤", "Boxy tee": "廓形T恤", "Striped tee": "条纹T恤", "Ribbed tee": "罗纹T恤",
        "Graphic tee": "印花T恤", "Linen-mix tee": "棉麻T恤", "Long-sleeve tee": "长袖T恤",
        "Raglan tee": "插肩T恤",
    }),
    "shirt": Category(129, 259, 0.36, 0.95, {
        "Oxford shirt": "牛津纺衬衫", "Poplin shirt": "府绸衬衫", "Linen shirt": "亚麻衬衫",
        "Silk-touch blouse": "缎面衬衫", "Band-collar shirt": "立领衬衫", "Gingham shirt": "格纹衬衫",
        "Puff-sleeve blouse": "泡泡袖衬衫",
    }),
    "dress": Category(179, 459, 0.33, 1.35, {
        "Tea dress": "茶歇裙", "Wrap dress": "裹身裙", "Shirt dress": "衬衫裙", "Slip dress": "吊带裙",
        "Knit dress": "针织连衣裙", "Floral midi dress": "碎花中长裙", "Linen sundress": "亚麻太阳裙",
        "Pleated dress": "百褶连衣裙", "Polo dress": "Polo连衣裙", "Evening dress": "小礼裙",
    }),
    "skirt": Category(119, 259, 0.35, 1.15, {
        "A-line skirt": "A字裙", "Pleated skirt": "百褶裙", "Denim skirt": "牛仔半裙",
        "Satin skirt": "缎面半裙", "Cake skirt": "蛋糕裙", "Wrap skirt": "一片裙",
    }),
    "trousers": Category(139, 329, 0.37, 1.30, {
        "Straight jeans": "直筒牛仔裤", "Wide-leg jeans": "阔腿牛仔裤", "Cigarette trousers": "烟管裤",
        "Linen trousers": "亚麻裤", "Track trousers": "运动裤", "Paperbag trousers": "花苞裤",
        "Culottes": "裙裤", "Cargo trousers": "工装裤",
    }),
    "knitwear": Category(149, 369, 0.38, 0.90, {
        "Fine cardigan": "细针开衫", "Cable jumper": "绞花毛衣", "Knit vest": "针织背心",
        "Merino crew": "美利奴圆领衫", "Ice-yarn knit": "冰丝针织衫", "Polo knit": "Polo针织衫",
        "Shawl cardigan": "披肩开衫",
    }),
    "outerwear": Category(239, 899, 0.40, 1.05, {
        "Trench coat": "风衣", "Denim jacket": "牛仔外套", "Sun-proof jacket": "防晒衣",
        "Tweed jacket": "小香风外套", "Linen blazer": "亚麻西装", "Bomber jacket": "飞行员夹克",
        "Light down vest": "轻薄羽绒马甲",
    }),
    "accessory": Category(29, 199, 0.35, 0.45, {
        "Silk scarf": "真丝方巾", "Canvas tote": "帆布包", "Straw hat": "草帽",
        "Leather belt": "真皮腰带", "Cotton socks, 3 pairs": "棉袜三双装", "Bucket hat": "渔夫帽",
        "Hair scarf": "发带",
    }),
}
REFUND_RATIO = {name: category.refund_ratio for name, category in CATEGORIES.items()}


ROLES = ("traffic", "hero", "profit", "image")
OFFERS = ("none", "discount", "bundle", "gift")


def channels():
    """The table `channels`."""
    return CHANNELS[["channel_id", "name", "name_zh", "take_rate", "payment_fee_rate"]].copy()


def products(seed):
    """Products with the hidden columns `true_appeal` and `planner_role` beside those of the contract."""
    random = generator(seed, "products")
    rows = []
    for category, (low, high, cost_share, _, styles) in CATEGORIES.items():
        for name, name_zh in styles.items():
            price = low * (high / low) ** random.random()
            price = max(29, round(price / 10) * 10 - 1)
            cost = round(price * cost_share * random.uniform(0.85, 1.15) * 2) / 2
            rows.append((name, name_zh, category, float(price), cost))
    frame = pd.DataFrame(rows, columns=["name", "name_zh", "category", "list_price", "unit_cost"])
    count = len(frame)
    true = np.exp(random.normal(0, 0.38, count) - 0.15 * np.log(frame.list_price / 150))
    true = true / true.mean()
    planner = true * np.exp(random.normal(0, 0.15, count))
    frame["true_appeal"] = true
    frame["appeal"] = np.round(planner / planner.mean(), 2)
    early = random.random(count) < 0.6
    days = np.where(early, random.integers(-400, -3, count), random.integers(-3, 120, count))
    frame["launched"] = START + pd.to_timedelta(days, unit="D")
    margin = 1 - frame.unit_cost / frame.list_price
    role = np.full(count, "profit", dtype=object)
    role[np.asarray(frame.list_price <= 119)] = "traffic"
    role[np.asarray((frame.appeal >= frame.appeal.quantile(0.70)) & (frame.list_price > 119))] = "hero"
    for_show = (frame.list_price >= 430) | ((margin < margin.quantile(0.12)) & (frame.list_price > 250))
    role[np.asarray(for_show)] = "image"
    frame["planner_role"] = role
    frame.insert(0, "product_id", [f"P{i:03d}" for i in range(1, count + 1)])
    return frame


def hosts(parameters, seed):
    """Hosts with the hidden columns `skill` (log scale), `favour` (manager's preference) and `learning`."""
    random = generator(seed, "hosts")
    count, new = 14, 3
    skill = random.normal(0, 1, count)
    skill[:-new] = (skill[:-new] - skill[:-new].mean()) / skill[:-new].std()
    whim = random.normal(0, 1, count)
    # the part of the preference that has nothing to do with skill really has nothing to do with it
    old = slice(0, count - new)
    whim[old] -= skill[old] * (whim[old] @ skill[old]) / (skill[old] @ skill[old])
    whim[old] = (whim[old] - whim[old].mean()) / whim[old].std()
    share = min(parameters.host.favouritism, 1.0)
    favour = share * whim + np.sqrt(1 - share**2) * skill
    # newcomers: three clearly different talents; the manager likes the middle one best
    talents = random.permutation([0.9, 0.0, -0.9])
    skill[-new:] = talents + random.normal(0, 0.12, new)
    favour[-new:] = np.where(np.argsort(np.argsort(-skill[-new:])) == 1, 1.2, -0.6)
    stage = np.where(np.arange(count) >= count - new, "newcomer", np.where(np.arange(count) < 4, "senior", "regular"))
    joined = np.where(stage == "senior", random.integers(-1100, -500, count), random.integers(-450, -60, count))
    joined = np.where(stage == "newcomer", random.integers(84, 98, count), joined)
    return pd.DataFrame(
        {
            "host_id": [f"H{i:02d}" for i in range(1, count + 1)],
            "stage": stage,
            "joined": START + pd.to_timedelta(joined, unit="D"),
            "base_pay_per_hour": np.select([stage == "senior", stage == "newcomer"], [220.0, 90.0], 150.0),
            "commission_rate": np.select([stage == "senior", stage == "newcomer"], [0.025, 0.010], 0.018),
            "skill": parameters.host.skill_spread * skill,
            "favour": favour,
            "learning": np.where(stage == "newcomer", parameters.host.learning, 0.0),
        }
    )


def paid_price(list_price, discount):
    """Price paid for one item, to half a yuan."""
    return np.round(list_price * (1 - discount) * 2) / 2
