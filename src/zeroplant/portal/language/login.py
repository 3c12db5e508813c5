"""The words of logging in."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "wrong": ("Name or password is wrong.", "用户名或密码不正确。"),
    "wait": ("Too many wrong passwords. Wait {} s.", "密码错误次数过多，请等待 {} 秒。"),
}
