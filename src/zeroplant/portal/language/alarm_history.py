"""The words of the page of what happened to alarms."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "history": ("What happened to alarms", "告警历史"),
    "no history": ("Nothing yet.", "暂无记录。"),
    "searched back": ("Searched back to {} so far.", "目前检索至 {}。"),
    "older": ("older", "更早"),
    "newest": ("back to the newest", "返回最新"),
    "to alarms": ("Alarms of now", "当前告警"),
    "when": ("When", "时间"),
    "what": ("What", "内容"),
}
