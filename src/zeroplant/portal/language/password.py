"""The words of choosing a password."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "tokens": ("Tokens for other systems", "供其他系统使用的令牌"),
    "old password": ("Old password", "原密码"),
    "new password": ("New password", "新密码"),
    "change first": (
        "Choose a password of your own before you go on.",
        "请先设置您自己的密码，然后再继续。",
    ),
    "old wrong": ("The old password is wrong.", "原密码不正确。"),
    "characters": (
        "12 characters or more; several words are easy to remember.",
        "至少 12 个字符；几个词组成的密码容易记住。",
    ),
}
