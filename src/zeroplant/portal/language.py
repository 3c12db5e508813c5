"""The words of the pages in English and Chinese, and which of them a visitor reads."""

from __future__ import annotations

from fastapi import Request

COOKIE = "language"
LANGUAGES = ("en", "zh")

WORDS: dict[str, tuple[str, str]] = {
    "control room": ("Control room", "控制室"),
    "log in": ("Log in", "登录"),
    "log out": ("Log out", "退出登录"),
    "name": ("Name", "用户名"),
    "password": ("Password", "密码"),
    "old password": ("Old password", "原密码"),
    "new password": ("New password", "新密码"),
    "change password": ("Change password", "修改密码"),
    "change first": (
        "Choose a password of your own before you go on.",
        "请先设置您自己的密码，然后再继续。",
    ),
    "wrong": ("Name or password is wrong.", "用户名或密码不正确。"),
    "wait": ("Too many wrong passwords. Wait {} s.", "密码错误次数过多，请等待 {} 秒。"),
    "old wrong": ("The old password is wrong.", "原密码不正确。"),
    "people": ("Users", "用户"),
    "role": ("Role", "角色"),
    "place": ("Where", "范围"),
    "whole plant": ("whole plant", "全厂"),
    "viewer": ("viewer", "查看员"),
    "operator": ("operator", "运行员"),
    "planner": ("planner", "规划员"),
    "admin": ("admin", "管理员"),
    "state": ("State", "状态"),
    "may come in": ("may come in", "可登录"),
    "shut out": ("shut out", "已停用"),
    "shut": ("Shut out", "停用"),
    "let in": ("Let in", "启用"),
    "add": ("Add", "添加"),
    "add user": ("Add a user", "添加用户"),
    "shown once": (
        "Password of {} for the first visit; it is shown only now:",
        "{} 的首次登录密码，仅显示这一次：",
    ),
    "overview": ("Overview", "总览"),
    "flows": ("Flows now", "实时能流"),
    "alarms": ("Alarms", "告警"),
    "no alarms": ("No alarms.", "无告警。"),
    "alarms unknown": ("Alarms unknown.", "告警状态未知。"),
    "alarms old": (
        "Alarms unknown: below is what was known last.",
        "告警状态未知：以下为最后已知状态。",
    ),
    "active": ("active", "未恢复"),
    "cleared": ("cleared", "已恢复"),
    "raised": ("raised", "发生于"),
    "acknowledged": ("seen by", "确认人"),
    "critical": ("critical", "紧急"),
    "major": ("major", "重要"),
    "minor": ("minor", "一般"),
    "shelve": ("Silent for 30 min", "搁置 30 分钟"),
    "refused": ("The controller refused it:", "控制器拒绝："),
    "no answer": ("The controller has not answered yet.", "控制器尚未应答。"),
    "unknown": ("unknown", "未知"),
    "doubtful": ("doubtful", "可疑"),
    "node": ("Node", "节点"),
    "flow": ("Flow", "能流"),
    "way": ("Direction", "方向"),
    "gives": ("gives", "输入"),
    "takes": ("takes", "输出"),
    "power": ("Power", "功率"),
    "logged out": ("You are no longer logged in.", "登录已失效。"),
    "no service": (
        "The service does not answer; what is shown may be old.",
        "服务无应答；所示内容可能已过时。",
    ),
    "too busy": ("The service is busy; try again in some seconds.", "服务繁忙，请稍后重试。"),
    "forbidden": (
        "You may not do this, or the page is too old: load it again.",
        "您无权执行此操作，或页面已过期：请重新加载。",
    ),
    "failed": ("Something went wrong in the service.", "服务出错。"),
    "seen": ("I have seen it", "确认"),
    "stored": ("Stored", "储能状态"),
    "exchange": ("Net export", "净上网功率"),
    "target": ("Target", "目标"),
    "as of": ("As of", "数据时间"),
    "not running": (
        "Nothing is known of the plant yet: its controller does not write to this folder.",
        "尚无数据：控制器未向该目录写入。",
    ),
    "old": ("These values are old.", "数据已过时。"),
    "schedule": ("Schedule", "计划"),
    "no schedule": ("There is no schedule yet.", "尚无运行计划。"),
    "dispatch": ("Dispatch and price", "出力与电价"),
    "price": ("Price", "电价"),
    "made": ("Made", "制定时间"),
    "stored at": ("Stored at the end of each step", "各时段末储量"),
    "schedule over": (
        "This schedule has ended: nothing is planned for now.",
        "该计划已结束：当前时段无计划。",
    ),
    "schedule old": (
        "This schedule is more than an hour old: look whether the planner runs.",
        "该计划已超过一小时未更新：请检查计划进程。",
    ),
    "is optimal": ("optimal", "最优"),
    "is feasible": ("feasible, not proven best", "可行（未证明最优）"),
    "is kept": ("an earlier schedule, kept", "沿用此前计划"),
    "is rule": ("by a simple rule", "按简单规则"),
    "why": ("Why", "原因"),
    "quarter": ("Quarter-hour", "时段"),
    "nothing binds": ("No limit binds here.", "该时段无起作用的约束。"),
    "no charts": (
        "The charts need ECharts: run make vendor.",
        "图表需要 ECharts：请运行 make vendor。",
    ),
    "plan": ("Plan", "规划"),
    "knobs": ("What may be moved", "可调参数"),
    "chosen": ("chosen", "优化"),
    "as in file": ("as in the file", "恢复原值"),
    "let choose": ("let the plan choose", "由优化决定"),
    "cost": ("Net cost of a year", "年净成本"),
    "equity_irr": ("IRR on equity", "资本金内部收益率"),
    "npv": ("Net present value", "净现值"),
    "lcoe": ("Levelised cost", "平准化成本"),
    "dscr": ("Least debt cover", "最低偿债备付率"),
    "matched": ("Green in the same hour", "逐时绿电占比"),
    "emissions": ("Emissions of a year", "年碳排放"),
    "sizes": ("What is built", "建设规模"),
    "energy": ("Energy of a year", "年电量"),
    "rules": ("Rules", "规则"),
    "compare": ("Compare", "方案对比"),
    "as the file": ("as in the file", "按原文件"),
    "no plan": (
        "There is no plan for this; what is greyed is of the last one.",
        "此设定下无可行方案；灰色数值属于上一方案。",
    ),
    "keep": ("Keep beside the others", "加入对比"),
    "save file": ("Save as a plant file", "另存为电厂文件"),
    "skip": ("Skip to content", "跳到正文"),
    "language": ("中文", "English"),
    "characters": (
        "12 characters or more; several words are easy to remember.",
        "至少 12 个字符；几个词组成的密码容易记住。",
    ),
}


def language_of(request: Request) -> str:
    """What the visitor has chosen, or what their browser asks for first."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    asked = request.headers.get("accept-language", "").strip().casefold()
    return "zh" if asked.startswith("zh") else "en"


def say(word: str, language: str, *values: object) -> str:
    """A phrase in a language, its gaps filled. Raises KeyError for a phrase there is not."""
    return WORDS[word][LANGUAGES.index(language)].format(*values)
