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
