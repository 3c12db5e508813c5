"""The words of the page *Overview*."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "flows": ("Flows now", "实时能流"),
    "alarms unknown": ("Alarms unknown.", "告警状态未知。"),
    "alarms old": (
        "Alarms unknown: below is what was known last.",
        "告警状态未知：以下为最后已知状态。",
    ),
    "no alarms": ("No alarms.", "无告警。"),
    "more alarms": ("{} more", "另有 {} 条"),
    "seen": ("Acknowledge", "确认"),
    "shelve": ("Shelve …", "搁置…"),
    "shelved": ("shelved", "已搁置"),
    "also held": ("Queues, packs and other stores ({})", "排队、电池包及其他储量（{}）"),
    "stored": ("Stored", "储能状态"),
    "exchange": ("Net export", "净上网功率"),
    "node": ("Node", "节点"),
    "flow": ("Flow", "能流"),
    "way": ("Direction", "方向"),
    "gives": ("gives", "输入"),
    "takes": ("takes", "输出"),
}
