"""The words of the page *Alarms*."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "none active": ("No active alarms.", "当前无未恢复的告警。"),
    "holds": ("Active", "未恢复"),
    "gone": ("Cleared, not yet seen", "已恢复未确认"),
    "kept away": ("Shelved", "已搁置"),
    "history": ("What happened to alarms", "告警历史"),
    "what to do": ("What to do", "处理"),
    "since": ("since {}", "自 {} 起"),
    "from to": ("{} to {}", "{} 至 {}"),
    "seen by": ("seen by {}", "{} 已确认"),
    "unseen": ("not seen yet", "未确认"),
    "seen": ("Acknowledge", "确认"),
    "seen of": ("Acknowledge: {}", "确认：{}"),
    "shelve": ("Shelve …", "搁置…"),
    "shelve of": ("Shelve: {}", "搁置：{}"),
    "until": ("until {}", "至 {}"),
    "left": ("{} left", "剩余 {}"),
    "by because": ("{}: {}", "{}：{}"),
    "waiting": ("The controller has not answered yet.", "控制器尚未应答。"),
    "done": ("The controller has taken note.", "控制器已受理。"),
    "not done": ("The controller refused it: {}", "控制器拒绝：{}"),
    "alarms old": (
        "The controller is silent: below is what was known at {}. Alarms of now are unknown.",
        "控制器无数据：以下为 {} 的状态，当前告警未知。",
    ),
}
