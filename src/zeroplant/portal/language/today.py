"""The words of today on the overview: price, carbon, money and energy."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "today": ("Today", "今日"),
    "price now": ("Price now", "当前电价"),
    "price of": ("at {}, by the schedule made {}", "节点 {}，按 {} 制定的计划"),
    "no price": ("No schedule covers this moment.", "当前时刻无计划。"),
    "carbon now": ("Carbon now", "当前碳强度"),
    "carbon today": ("Emissions today", "今日碳排放"),
    "money": ("Money today", "今日收支"),
    "earned": ("Earned today", "今日收益"),
    "paid": ("Paid today", "今日支出"),
    "energy": ("Energy today: {}", "今日电量：{}"),
    "imported": ("bought", "购入"),
    "exported": ("sold to the grid", "上网"),
    "generated": ("generated", "发电"),
    "used": ("used", "用电"),
    "lines": ("Where the money comes from and goes", "收支明细"),
    "until": ("Measured until {} ({} ago).", "实测截至 {}（{}前）。"),
    "carbon by": ("Carbon now: {}.", "当前碳强度：{}。"),
    "without": (
        "Capacity charges and fixed costs are not in it.",
        "不含容量电费和固定成本。",
    ),
    "none": (
        "Nothing was measured today yet, or the controller does not tell.",
        "今日尚无实测数据，或控制器未提供。",
    ),
    "another day": ("This is of {}, not of today.", "此为 {} 的数据，并非今日。"),
    "late": (
        "Nothing was measured since {} ({} ago): this is as it stood then.",
        "自 {} 起（{}前）无实测数据：以下为当时的状态。",
    ),
    "gains": ("earned", "收入"),
    "costs": ("paid", "支出"),
}
