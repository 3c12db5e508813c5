"""The words of the page on which one sees what was known at a moment."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "replay": ("What was known then", "回放当时所知"),
    "choose": ("Moment (plant time)", "时刻（电厂时间）"),
    "show": ("Show it", "回放"),
    "yesterday": ("Yesterday 18:00", "昨日 18:00"),
    "hour ago": ("An hour ago", "一小时前"),
    "explained": (
        "The plant as its controller knew it: nothing that became known later is shown.",
        "按控制器当时所知回放，不含此后获知的信息。",
    ),
    "at": ("As known at {}", "{} 时所知"),
    "nothing": ("Nothing was known of the plant then.", "该时刻无记录。"),
    "intact": ("The journal's chain is whole.", "日志哈希链完整。"),
    "not intact": ("The journal's chain is broken: {}", "日志哈希链断裂：{}"),
    "not exact": (
        "Cycles before it are missing from the journal; values may be up to a minute older.",
        "此前部分周期缺失，数值可能滞后至多一分钟。",
    ),
    "decision": ("What was decided", "当时的决策"),
    "decided at": ("Decided at", "决策时间"),
    "export": ("Net export", "净上网功率"),
    "word of": ("Target set by", "目标来源"),
    "flow": ("Flow", "能流"),
    "setpoint": ("Set-point", "设定值"),
    "why": ("Why", "原因"),
    "image": ("What was measured", "当时的测量值"),
    "value": ("Value", "数值"),
    "held at": ("Held at", "数值时间"),
    "plan then": ("Schedule in force", "当时有效的计划"),
    "plan made": ("made {}, {}", "{} 制定，{}"),
    "no plan": ("It is not kept any more, or there was none.", "无计划，或已不再保存。"),
    "step": ("From", "开始"),
    "why plan": ("Why it was so", "计划原因"),
    "forecasts then": ("Forecasts in force", "当时有效的预测"),
    "forecasts made": ("made {}; mean (5 to 95 %)", "{} 制作；均值（5–95 %）"),
    "no forecasts": ("None is kept of that time.", "未保存该时段的预测。"),
    "in hours": ("in {} h", "{} 小时后"),
    "quantity": ("Quantity", "量"),
    "orders": ("Orders in force", "当时有效的指令"),
    "no orders": ("None.", "无。"),
    "alarms then": ("Alarms that held", "当时的告警"),
    "back": ("Back to the journal", "返回日志"),
    "around": ("The journal around it", "该时刻前后的日志"),
}
