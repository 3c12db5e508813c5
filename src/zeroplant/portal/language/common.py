"""What several pages say: navigation, quality of values, alarms, what went wrong."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "overview": ("Overview", "总览"),
    "plant": ("Plant", "电厂"),
    "schedule": ("Schedule", "计划"),
    "forecasts": ("Forecasts", "预测"),
    "fleet": ("Fleet", "分布式资源"),
    "grid": ("Grid", "电网"),
    "plan": ("Plan", "规划"),
    "alarms": ("Alarms", "告警"),
    "journal": ("Journal", "日志"),
    "health": ("Health", "数据与通信"),
    "reports": ("Reports", "报表"),
    "people": ("Users", "用户"),
    "pages": ("Pages", "页面"),
    "control room": ("Control room", "控制室"),
    "log in": ("Log in", "登录"),
    "log out": ("Log out", "退出登录"),
    "name": ("Name", "用户名"),
    "password": ("Password", "密码"),
    "change password": ("Change password", "修改密码"),
    "whole plant": ("whole plant", "全厂"),
    "active": ("active", "未恢复"),
    "cleared": ("cleared", "已恢复"),
    "raised": ("raised", "发生于"),
    "acknowledged": ("seen by", "确认人"),
    "critical": ("critical", "紧急"),
    "major": ("major", "重要"),
    "minor": ("minor", "一般"),
    "refused": ("The controller refused it:", "控制器拒绝："),
    "no answer": ("The controller has not answered yet.", "控制器尚未应答。"),
    "unknown": ("unknown", "未知"),
    "doubtful": ("doubtful", "可疑"),
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
    "target": ("Target", "目标"),
    "as of": ("As of", "数据时间"),
    "not running": (
        "Nothing is known of the plant yet: its controller does not write to this folder.",
        "尚无数据：控制器未向该目录写入。",
    ),
    "old": ("These values are old.", "数据已过时。"),
    "stopped": (
        "The simulated plant has stopped; its clock stands still at",
        "仿真电厂已停止，其时钟停在",
    ),
    "written ago": ("written {} ago", "{}前写入"),
    "price": ("Price", "价格"),
    "made": ("Made", "制定时间"),
    "no charts": (
        "The charts need ECharts: run make vendor.",
        "图表需要 ECharts：请运行 make vendor。",
    ),
    "simulated": (
        "A simulated plant, {} times as fast as real time.",
        "仿真电厂，速度为实时的 {} 倍。",
    ),
    "clock": (
        "All times are those of the plant's clock ({}).",
        "所有时间均为电厂时间（{}）。",
    ),
    "skip": ("Skip to content", "跳到正文"),
    "language": ("中文", "English"),
}
