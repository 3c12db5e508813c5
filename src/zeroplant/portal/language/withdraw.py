"""The words of the page that asks before an order is withdrawn."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "withdraw": ("Withdraw an order", "撤回指令"),
    "explained": (
        "The plant then goes by the other orders and by its schedule, at once.",
        "撤回后，电厂立即按其余指令和运行计划运行。",
    ),
    "what": ("What", "对象"),
    "by": ("Asked for by", "申请人"),
    "holds": ("Holds", "有效时段"),
    "from to": ("{} to {}", "{} 至 {}"),
    "ordered": ("Ordered", "指令值"),
    "present": ("Now", "当前值"),
    "then": ("Planned until its end", "至其结束的计划值"),
    "between": ("{} to {} {}", "{} 至 {} {}"),
    "alone": (
        "You may do this alone: it goes back to the plan, and power rises by no more than {} MW.",
        "可单人执行：恢复按计划运行，功率升高不超过 {} MW。",
    ),
    "second": (
        "A second person has to approve it: power may rise by more than {} MW then, or it is not "
        "known by how much.",
        "须第二人批准：撤回后功率升高可能超过 {} MW，或变化未知。",
    ),
    "ask": ("Ask a second person", "提交第二人批准"),
    "do": ("Withdraw it", "撤回"),
    "keep": ("Keep it", "保留"),
}
