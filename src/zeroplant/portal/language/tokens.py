"""The words of the page of tokens."""

from __future__ import annotations

from zeroplant.portal.language.people import PHRASES as PEOPLE
from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    **{word: PEOPLE[word] for word in ("role", "place", "viewer", "operator", "planner", "admin")},
    "tokens": ("Tokens", "访问令牌"),
    "about": (
        "With a token another system uses the API; it never allows more than its owner may do.",
        "其他系统凭令牌使用 API；令牌权限不超过其所有者。",
    ),
    "shown once": ("The new token; it is shown only now:", "新令牌，仅显示这一次："),
    "for": ("What it is for", "用途"),
    "owner": ("Owner", "所有者"),
    "ends": ("Expires", "到期时间"),
    "used": ("Last used", "最近使用"),
    "revoke": ("Revoke", "撤销"),
    "revoked": ("revoked", "已撤销"),
    "expired": ("expired", "已过期"),
    "none": ("There are none yet.", "尚无令牌。"),
    "make token": ("Make a token", "新建令牌"),
    "days": ("Days until it expires", "有效天数"),
    "make": ("Make", "生成"),
}
