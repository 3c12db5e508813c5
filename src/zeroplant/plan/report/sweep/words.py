"""Words of a sweep's page, in English and Chinese."""

from __future__ import annotations

from zeroplant.plan.report.text import Text

_TABLE = {
    "title": ("Sweep", "参数扫描"),
    "in_short": ("In short", "结论"),
    "frontier": ("Frontier", "帕累托前沿"),
    "curves": ("By one parameter", "单参数曲线"),
    "points": ("All points", "全部方案"),
    "failures": ("Points without a plan", "未得到方案的点"),
    "breaches": ("What points could not keep", "各点未满足的要求"),
    "slight": ("(less than 0.1 %, not counted as broken)", "（不足 0.1 %，不计为违反）"),
    "number": ("No.", "编号"),
    "rules": ("Rules met", "满足规则"),
    "on_front": ("on the frontier", "位于前沿"),
    "kept": ("keeps every rule", "满足全部规则"),
    "breaks": ("breaks a rule or leaves load unserved", "违反规则或存在缺供"),
    "reason": ("Reason", "原因"),
    "counted": ("{} of {} points have a plan.", "{} / {} 个点得到方案。"),
    "cheapest": (
        "The cheapest that keeps every rule is no. {} ({}): {} a year.",
        "满足全部规则的方案中，成本最低的是 {} 号（{}）：每年 {}。",
    ),
    "cleanest": (
        "The one with the least emissions is no. {} ({}): {}.",
        "排放最低的是 {} 号（{}）：{}。",
    ),
    "on_frontier": (
        "{} of them are on the frontier of {} and {}: no other is better in both.",
        "其中 {} 个位于“{}”与“{}”的前沿：没有其他方案在两方面都更好。",
    ),
    "none_keeps": (
        "None of them keeps every rule and serves every load, so there is no frontier.",
        "没有方案满足全部规则和负荷，故无前沿。",
    ),
    "front_caption": ("{} against {}", "{}与{}"),
    "curve_caption": ("{} by {}", "{}随 {} 的变化"),
    "sizes_caption": ("Sizes by {}", "容量随 {} 的变化"),
    "some_series": (
        "{} of {} combinations of the other parameters are drawn.",
        "其他参数共 {1} 种组合，图中绘出 {0} 种。",
    ),
    "front_note": (
        "The line joins the points that keep every rule and that no other beats in both figures; "
        "their numbers are those of the table.",
        "连线为满足全部规则且不被其他方案在两项指标上同时超越的点；编号与表中一致。",
    ),
    "yearly": (
        "Amounts are per year of 8,760 h; cost is what is paid less what is received, annuities of "
        "the investment included.",
        "金额按 8760 小时的年份计；成本为支出减收入，含投资年金。",
    ),
}

WORDS = {key: Text(*pair) for key, pair in _TABLE.items()}
"""Everything the page of a sweep says, by key."""
