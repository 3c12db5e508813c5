"""The words of the page of what happened to alarms."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "history": ("What happened to alarms", "告警历史"),
    "look for": ("What to look for", "筛选"),
    "kind": ("Kind", "类型"),
    "asset": ("Asset", "资产"),
    "change": ("What happened", "状态"),
    "acknowledged": ("seen", "已确认"),
    "from": ("From", "自"),
    "to": ("To", "至"),
    "all": ("all", "全部"),
    "show": ("Show", "显示"),
    "no history": ("Nothing found.", "无记录。"),
    "searched back": ("Searched back to {} so far.", "目前检索至 {}。"),
    "older": ("older", "更早"),
    "newest": ("back to the newest", "返回最新"),
    "to alarms": ("Alarms of now", "当前告警"),
    "when": ("When", "时间"),
    "what": ("What", "内容"),
    "until": ("until {}", "至 {}"),
    "left": ("shelved for {} more", "搁置剩余 {}"),
}
