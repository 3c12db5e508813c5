"""The words of the form to shelve an alarm."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "shelve": ("Shelve an alarm", "搁置告警"),
    "explained": (
        "It leaves the list for a time and comes back by itself; the plant goes on guarding.",
        "该告警暂时移出列表，到时自动返回；电厂的保护不受影响。",
    ),
    "for": ("For how long", "搁置时长"),
    "minutes": ("{} min", "{} 分钟"),
    "hours": ("{} h", "{} 小时"),
    "why": ("Why", "原因"),
    "why hint": ("Who knows of it, and what is being done.", "说明何人知晓、正在如何处理。"),
    "do": ("Shelve it", "搁置"),
    "back": ("Back to the alarms", "返回告警"),
}
