"""The words of the page *Plan*."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "section finance": ("finance", "财务"),
    "section carbon": ("carbon", "碳"),
    "knobs": ("What may be moved", "可调参数"),
    "chosen": ("chosen", "优化"),
    "as in file": ("as in the file", "恢复原值"),
    "let choose": ("let the plan choose", "由优化决定"),
    "cost": ("Net cost of a year", "年净成本"),
    "equity_irr": ("IRR on equity", "资本金内部收益率"),
    "npv": ("Net present value", "净现值"),
    "lcoe": ("Levelised cost", "平准化成本"),
    "dscr": ("Least debt cover", "最低偿债备付率"),
    "matched": ("Green in the same hour", "逐时绿电占比"),
    "emissions": ("Emissions of a year", "年碳排放"),
    "sizes": ("What is built", "建设规模"),
    "energy": ("Energy of a year", "年电量"),
    "rules": ("Rules", "规则"),
    "not judged": ("cannot be judged", "无法评定"),
    "compare": ("Compare", "方案对比"),
    "as the file": ("as in the file", "按原文件"),
    "no plan": (
        "There is no plan for this; what is greyed is of the last one.",
        "此设定下无可行方案；灰色数值属于上一方案。",
    ),
    "solving": ("The year is being solved …", "正在求解全年…"),
    "keep": ("Keep beside the others", "加入对比"),
    "save file": ("Save as a plant file", "另存为电厂文件"),
}
