"""The words of the page *Users*."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "role": ("Role", "角色"),
    "place": ("Where", "范围"),
    "viewer": ("viewer", "查看员"),
    "operator": ("operator", "运行员"),
    "planner": ("planner", "规划员"),
    "admin": ("admin", "管理员"),
    "state": ("State", "状态"),
    "may come in": ("active", "可登录"),
    "shut out": ("disabled", "已停用"),
    "shut": ("Disable", "停用"),
    "let in": ("Enable", "启用"),
    "add": ("Add", "添加"),
    "add user": ("Add a user", "添加用户"),
    "tokens": ("Tokens for other systems", "供其他系统使用的令牌"),
    "change role": ("Change role", "修改角色"),
    "add role": ("Add this one to their roles", "增加此角色"),
    "site": ("site {}", "站点 {}"),
    "node": ("node {}", "节点 {}"),
    "about places": (
        "A role holds at a site, a node, an asset or one device, and for all that is below it.",
        "角色在所选站点、节点、资产或设备及其下级范围内有效。",
    ),
    "replace": ("Replace all roles by this one", "以此替换全部角色"),
    "shown once": (
        "Password of {} for the first visit; it is shown only now:",
        "{} 的首次登录密码，仅显示这一次：",
    ),
}
