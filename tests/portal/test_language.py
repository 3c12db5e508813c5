"""The phrases: every one in both languages, and none that would change what all pages say."""

from __future__ import annotations

from pkgutil import iter_modules
from string import Formatter

import pytest

from zeroplant.portal import language
from zeroplant.portal.language import phrases_of, say
from zeroplant.portal.language.common import PHRASES as COMMON
from zeroplant.portal.navigation import PAGES

FILES = [each.name for each in iter_modules(language.__path__) if each.name != "phrases"]
HEAD = {*PAGES.values(), "pages", "control room", "skip", "language", "log in", "log out",
        "logged out", "no service", "too busy", "forbidden", "failed"}  # fmt: skip
"""What stands on every page."""


def gaps(words: str) -> list[str | None]:
    return [name for _, name, _, _ in Formatter().parse(words) if name is not None]


@pytest.mark.parametrize("name", FILES)
def test_every_phrase_is_in_both_languages(name: str) -> None:
    """With the same gaps, so that no value is lost in one of them."""
    for key, (english, chinese) in phrases_of(name).items():
        assert english, key
        assert chinese, key
        assert gaps(english) == gaps(chinese), key


@pytest.mark.parametrize("name", [name for name in FILES if name != "common"])
def test_no_page_calls_the_others_differently(name: str) -> None:
    assert not HEAD & set(phrases_of(name))


def test_a_page_says_its_own_phrase_first() -> None:
    assert set(COMMON) >= HEAD
    assert say("login", "wait", "zh", 5) == "密码错误次数过多，请等待 5 秒。"
    assert say("login", "name", "en") == COMMON["name"][0]
    assert say("health", "name", "en") != COMMON["name"][0]
    assert say("asset", "summary", "en").count("{}") == 4  # a script fills them
    with pytest.raises(KeyError):
        say("login", "no such phrase", "en")
