"""The controller's own words for people: whose word holds, why, and kinds of order."""

from __future__ import annotations

from collections.abc import Mapping

from zeroplant.plan.report.text import Text, same

SOURCES: Mapping[str, Text] = {
    "schedule": Text("the schedule", "运行计划"),
    "rest": Text("rest, for there is no schedule", "待命（无计划）"),
    "fail-safe": Text("the fail-safe", "故障安全"),
    "safety": Text("safety", "安全"),
    "dispatch centre": Text("the dispatch centre", "调度中心"),
    "contract": Text("a contract", "合同（需求响应）"),
    "person": Text("a person", "运行人员"),
}
"""Whose word the target of the plant is."""

REASONS: Mapping[str, Text] = {
    "none": Text("nobody sets it", "不受控"),
    "schedule": Text("by the schedule", "按计划"),
    "merit": Text("called on to reach the target", "为达到目标而调用"),
    "order": Text("by an order", "按指令"),
    "fail_safe": Text("fail-safe", "故障安全"),
    "not_following": Text("does not follow; told its rest", "不跟随，令其待命"),
    "guard": Text("held back by the guard", "被限值保护修正"),
}
"""Why a device was told what it was told."""

ORDER_KINDS: Mapping[str, Text] = {
    "target": Text("target of net export", "净上网功率目标"),
    "most export": Text("net export at most", "净上网功率上限"),
    "least export": Text("net export at least", "净上网功率下限"),
    "device": Text("power of a device", "设备功率"),
    "withdraw": Text("withdrawal of an order", "撤回指令"),
    "acknowledge": Text("alarm seen", "确认告警"),
    "shelve": Text("alarm shelved", "搁置告警"),
}
"""What persons may ask for."""

CHANGES: Mapping[str, Text] = {
    "raised": Text("raised", "发生"),
    "cleared": Text("cleared", "恢复"),
    "acknowledged": Text("seen by {}", "由 {} 确认"),
    "shelved": Text("shelved", "搁置"),
    "unshelved": Text("back on the list", "取消搁置"),
}
"""What happens to an alarm."""

ALARM_KINDS: Mapping[str, Text] = {
    "silent": Text("silent", "无数据"),
    "frozen": Text("frozen value", "数值冻结"),
    "outside": Text("value out of range", "数值越限"),
    "not following": Text("not following", "不跟随"),
    "meter disagrees": Text("meters disagree", "电表不平衡"),
    "target missed": Text("target missed", "未达目标"),
    "connection over": Text("connection over its limit", "并网点超限"),
    "no schedule": Text("no schedule", "无计划"),
    "schedule refused": Text("schedule refused", "计划被拒"),
    "planner failed": Text("planner failed", "计划失败"),
    "day-ahead not told": Text("day ahead not told", "日前计划未申报"),
    "fail-safe": Text("fail-safe", "故障安全"),
    "dispatch centre lost": Text("dispatch centre lost", "调度中心失联"),
    "demand response lost": Text("demand response lost", "需求响应失联"),
    "contradiction": Text("orders contradict", "指令矛盾"),
    "clock jumped": Text("clock jumped", "时钟跳变"),
    "cycle late": Text("cycles late", "周期超时"),
    "disk": Text("records not written", "记录写入失败"),
    "disk filling": Text("disk nearly full", "磁盘将满"),
    "records lost": Text("records lost", "记录丢失"),
    "records damaged": Text("records damaged", "记录损坏"),
    "write refused": Text("set-point refused", "设定值被拒"),
    "no safe default": Text("no safe default", "无安全默认值"),
    "link lost": Text("link lost", "链路中断"),
    "load shed": Text("load shed", "切负荷"),
    "fault": Text("fault of the control", "控制程序出错"),
}
"""What kinds of alarm are called, beside what they say at length."""

PARTS: Mapping[str, Text] = {
    "after": Text("what follows a cycle", "周期后处理"),
    "callers": Text("the line to those outside", "对外通信"),
    "commitments": Text("the promises", "承诺"),
    "demand response": Text("demand response", "需求响应"),
    "dispatch centre": Text("the dispatch centre", "调度中心"),
    "fail-safe limit": Text("the fail-safe limit", "故障安全限值"),
    "forecasts": Text("the forecasts", "预测"),
    "inbox": Text("the inbox of orders", "指令收件箱"),
    "old schedules": Text("the clearing of old schedules", "旧计划清理"),
    "orders": Text("the orders", "指令"),
    "planning": Text("the planning", "计划编制"),
    "promises": Text("the promises", "承诺"),
    "records": Text("the records", "记录"),
    "responses": Text("the measuring of responses", "响应计量"),
    "schedule": Text("the schedule", "运行计划"),
    "today": Text("today's account", "今日统计"),
    "troubles": Text("the search for troubles", "故障检查"),
}
"""Parts of the control that may fail by themselves."""

LINKS: Mapping[str, Text] = {
    "twin": Text("simulated plant", "仿真电厂"),
}
"""Links that have their name from the program; others are called as their owner called them."""

REPORTS: Mapping[str, Text] = {
    "operation": Text("operation", "运行"),
    "plan": Text("plan", "规划"),
}
"""Kinds of report."""

STATUSES: Mapping[str, Text] = {
    "optimal": Text("optimal", "最优"),
    "feasible": Text("feasible, not proven best", "可行（未证明最优）"),
    "kept": Text("an earlier schedule, kept", "沿用此前计划"),
    "rule": Text("by a simple rule", "按简单规则"),
}
"""How good a schedule is."""

DEEDS: Mapping[str, Text] = {
    "logged in": Text("logged in", "登录"),
    "logged out": Text("logged out", "退出登录"),
    "log-in refused": Text("log-in refused", "登录被拒绝"),
    "changed password": Text("changed the password", "修改密码"),
    "refused": Text("was refused: {}", "被拒绝：{}"),
    "added": Text("let in {}", "添加用户 {}"),
    "shut out": Text("shut out {}", "停用用户 {}"),
    "let in": Text("let in again {}", "重新启用用户 {}"),
    "made token": Text("made the token {}", "创建令牌 {}"),
    "revoked token": Text("revoked token {}", "撤销令牌 {}"),
    "granted": Text("changed the rights of {}", "更改用户 {} 的权限"),
    "reset password": Text("reset the password of {}", "重置用户 {} 的密码"),
    "unlocked": Text("let {} try to log in again", "解除用户 {} 的登录锁定"),
    "saved plan": Text("saved changes to the plant's file", "保存电厂文件的修改"),
    "asked for a report": Text("asked for a report", "申请生成报告"),
    "took a report": Text("took a report", "下载报告"),
    "acknowledge": Text("acknowledged the alarm {}", "确认告警 {}"),
    "shelve": Text("shelved the alarm {}", "搁置告警 {}"),
    "asked for a set-point": Text("asked for a set-point", "申请设定值"),
    "approved a set-point": Text("approved a set-point", "批准设定值"),
    "turned a set-point down": Text("turned a set-point down", "否决设定值"),
    "took a set-point back": Text("took a set-point back", "收回设定值"),
    "asked for a withdrawal": Text("asked that an order be withdrawn", "申请撤回指令"),
    "approved a withdrawal": Text("approved the withdrawal of an order", "批准撤回指令"),
    "turned a withdrawal down": Text("turned the withdrawal of an order down", "否决撤回指令"),
    "took a withdrawal back": Text("kept an order after all", "取消撤回申请"),
    "withdrew an order": Text("withdrew an order", "撤回指令"),
}
"""What people do in the control room; ``{}`` is what it is about."""


def worded(words: Mapping[str, Text], key: object) -> Text:
    """The words for a key; the key itself for one that has none yet."""
    return words.get(str(key)) or same(str(key))


STATES: Mapping[str, Text] = {
    "ahead": Text("ahead", "未开始"),
    "running": Text("running", "进行中"),
    "kept": Text("kept", "已履约"),
    "broken": Text("broken", "未履约"),
    "unknown": Text("cannot be measured yet", "暂无法评定"),
}
"""What becomes of a promise."""

PROMISES: Mapping[str, Text] = {
    "schedule": Text("schedule", "计划曲线"),
    "at least": Text("net export at least", "净上网不低于"),
    "at most": Text("net export at most", "净上网不高于"),
    "reserve up": Text("reserve up", "上备用"),
    "reserve down": Text("reserve down", "下备用"),
    "response": Text("demand response", "需求响应"),
}
"""Kinds of promises."""

EVENTS: Mapping[str, Text] = {
    "level": Text("level of curtailment", "需求响应等级"),
    "dispatch": Text("net export as dispatched", "调度出力"),
    "dispatch relative": Text("change of net export", "调度增减出力"),
    "export limit": Text("net export at most", "净上网功率上限"),
    "import limit": Text("import at most", "下网功率上限"),
    "price": Text("price of import", "购电价格"),
    "export price": Text("price of export", "售电价格"),
}
"""What events of demand response ask for."""
