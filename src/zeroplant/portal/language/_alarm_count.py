"""The words of the counts of alarms in the head of every page."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "no alarms": ("No active alarms", "无未恢复告警"),
    "alarms unknown": ("Alarms unknown", "告警未知"),
    "unseen": ("{} not seen", "{} 条未确认"),
}
