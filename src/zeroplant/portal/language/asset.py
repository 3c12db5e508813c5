"""The words of the page of an asset."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "at node": ("node", "节点"),
    "at site": ("site", "厂址"),
    "hands to": ("connected with", "连接"),
    "answers": ("Answers", "通信应答"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "gives": ("gives to the node", "向节点输入"),
    "takes": ("takes from the node", "从节点取用"),
    "no alarms of it": ("No alarms of this asset.", "该设备无告警。"),
    "values": ("Values now", "实时数据"),
    "point": ("Point", "测点"),
    "now": ("Now", "当前值"),
    "at present": ("Now", "现在"),
    "set-point": ("Set-point", "设定值"),
    "limits": ("Limits", "限值"),
    "age": ("Age", "数据龄期"),
    "quality": ("Quality", "质量"),
    "none given": ("none", "无"),
    "set": ("set", "设定"),
    "about limits": (
        "Limits are what the plant file and the chosen sizes allow; of a load, what a plausible "
        "reading can be.",
        "限值依据电厂文件与所选规模；负荷的限值为合理读数范围。",
    ),
    "quality 0": ("good", "良好"),
    "quality 1": ("uncertain", "存疑"),
    "quality 2": ("bad", "坏"),
    "quality 3": ("lost", "丢失"),
    "reconciled": ("inferred from the balance", "由平衡推算"),
    "held": ("last value kept", "保留最后值"),
    "never": ("never heard", "从未收到"),
    "planned and measured": ("Planned and measured", "计划与实测"),
    "loading": ("Reading what was measured …", "正在读取实测数据……"),
    "measured": ("measured", "实测"),
    "planned": ("planned", "计划"),
    "nothing measured": ("Nothing was measured in this span.", "该时段无实测数据。"),
    "summary": (
        "Measured: {} values drawn, from {} to {}, the last {}.",
        "实测：绘制 {} 个值，最小 {}，最大 {}，最新 {}。",
    ),
    "span": ("Span", "时段"),
    "hours": ("{} hours", "{} 小时"),
    "days": ("{} days", "{} 天"),
    "a year": ("a year", "一年"),
    "events": ("Events of two days", "近两日事件"),
    "no events": ("None.", "无。"),
    "commands": ("Last commands", "最近指令"),
    "no commands": ("None in two days.", "近两日无指令。"),
    "searched back": (
        "Searched back to {} only; what was before is not known here.",
        "仅检索至 {}；更早的记录未列出。",
    ),
    "no journal": ("Unknown: the journal cannot be read.", "未知：无法读取日志。"),
    "as chosen": ("as chosen by the plan", "规划选定"),
    "nameplate": ("Nameplate and terms", "铭牌与参数"),
}
