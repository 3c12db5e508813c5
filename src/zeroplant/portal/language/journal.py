"""The words of the page *Journal*."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "look for": ("What to look for", "筛选"),
    "show": ("Show", "显示"),
    "group people": ("people", "人员操作"),
    "group alarms": ("alarms", "告警"),
    "group orders": ("orders and promises", "指令与承诺"),
    "group notes": ("notes", "备注"),
    "group plans": ("plans and forecasts", "计划与预测"),
    "group commands": ("commands to devices", "设备命令"),
    "group decisions": ("decisions", "决策"),
    "from": ("From", "自"),
    "to": ("To", "至"),
    "asset": ("Asset", "资产"),
    "all": ("all", "全部"),
    "person": ("Person", "操作者"),
    "replay": ("What was known then …", "回放当时所知…"),
    "when": ("When", "时间"),
    "who": ("Who", "操作者"),
    "controller": ("controller", "控制器"),
    "what": ("What", "内容"),
    "why": ("Why", "原因"),
    "is for": ("for {}", "所指 {}"),
    "number": ("No. {}", "第 {} 条"),
    "diary number": ("diary no. {}", "操作日志第 {} 条"),
    "written": ("as written", "原始记录"),
    "then": ("What was known then", "回放此刻"),
    "nothing": ("Nothing here.", "无记录。"),
    "older": ("older", "更早"),
    "newest": ("back to the newest", "返回最新"),
    "chain": ("Journal", "日志"),
    "diary": ("Diary of people", "操作日志"),
    "intact": ("{}: {} records, each follows from the one before", "{}：共 {} 条，哈希链完整"),
    "followed": (
        "{}: records {} to {} follow from each other; older ones are not checked yet",
        "{}：第 {} 至 {} 条哈希链完整；更早的尚未核对",
    ),
    "empty": ("{}: nothing yet", "{}：暂无记录"),
    "broken": ("{}: broken at record {}: {}", "{}：第 {} 条处哈希链断裂：{}"),
}
