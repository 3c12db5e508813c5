"""The words of the page of one set-point on its way."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "set-point": ("Set-point by hand", "手动设定值"),
    "shown": ("Not sent yet: look, then confirm", "尚未下发：请核对后确认"),
    "waiting": ("Waiting for a second person", "等待第二人批准"),
    "agreed": (
        "Agreed, but not handed over: ask for it anew",
        "已批准但未移交：请重新申请",
    ),
    "handed": ("Handed to the controller", "已移交控制器"),
    "refused state": ("Refused", "已否决"),
    "lapsed": ("Lapsed: nobody decided in time", "已失效：超时未决定"),
    "changed": (
        "That could not be done: it was decided already, it is too late, or the plant has changed. "
        "Below is how it stands.",
        "无法执行：已有决定、已超时或电厂状态已变化。以下为当前情况。",
    ),
    "what": ("What", "对象"),
    "ordered": ("Order that goes", "撤回的指令值"),
    "raises": ("Lets power rise by", "功率升高"),
    "no such order": ("The order has gone by now.", "该指令已不存在。"),
    "wanted": ("Set to", "设定为"),
    "present": ("Now", "当前值"),
    "planned": ("Planned for then", "该时段计划"),
    "limits": ("Allowed", "允许范围"),
    "holds": ("Holds", "有效时段"),
    "from to": ("{} to {}", "{} 至 {}"),
    "between": ("{} to {} {}", "{} 至 {} {}"),
    "moves": ("Moves the plant by", "全厂功率变化"),
    "up to": ("up to {} MW", "最多 {} MW"),
    "moves unknown": ("unknown", "未知"),
    "reason": ("Why", "原因"),
    "by": ("Asked for by", "申请人"),
    "decided by": ("Decided by", "决定人"),
    "second needed": (
        "A second person has to approve it: more than {} MW in all, or unknown.",
        "须第二人批准：超过 {} MW 或变化未知。",
    ),
    "second always": (
        "Every set-point needs a second person here.",
        "本厂所有设定值均须第二人批准。",
    ),
    "no second": ("It needs no second person (up to {} MW).", "无须第二人批准（不超过 {} MW）。"),
    "confirm": ("Confirm and send", "确认并下发"),
    "confirm second": ("Confirm and ask a second person", "确认并提交第二人批准"),
    "change": ("Change it", "修改"),
    "approve": ("Approve and send", "批准并下发"),
    "refuse": ("Refuse", "否决"),
    "take back": ("Take it back", "收回"),
    "own": (
        "Nobody approves their own set-point: ask a colleague to open this page.",
        "不可批准自己的申请：请同事打开本页面。",
    ),
    "until then": ("It lapses at {} if nobody decides.", "若无人决定，将于 {} 失效。"),
    "no answer": ("The controller has not answered yet.", "控制器尚未应答。"),
    "accepted": ("The controller has accepted it.", "控制器已接受。"),
    "withdrawn": ("Withdrawn: {}.", "已撤回：{}。"),
    "not accepted": ("The controller refused it: {}", "控制器拒绝：{}"),
    "withdraw": ("Withdraw it …", "撤回…"),
    "nothing known": (
        "The controller is silent: what the plant does now is not known.",
        "控制器无数据：当前状态未知。",
    ),
    "overruled": (
        "Other orders go before it; {} {} would be left of it.",
        "有优先级更高的指令；实际将执行 {} {}。",
    ),
    "alone": (
        "With what the same person moves alone at that time already: {} MW.",
        "同一人在该时段已单独调整 {} MW，合并计算。",
    ),
    "changes nothing": (
        "By what is known now it changes nothing, but it will hold the plant there.",
        "按当前情况不产生变化，但将限制电厂运行。",
    ),
    "another": ("Another set-point", "新的设定值"),
    "to grid": ("To the grid page", "返回电网页面"),
}
