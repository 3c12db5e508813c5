"""The words of the pages in English and Chinese, and which of them a visitor reads.

A page's own phrases are in the file of its name beside this one; what several pages say is in
``common``. A page says its own phrase before the common one.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module, util

from fastapi import Request

from zeroplant.portal.language.common import PHRASES as COMMON
from zeroplant.portal.language.phrases import Phrases

COOKIE = "language"
LANGUAGES = ("en", "zh")


def language_of(request: Request) -> str:
    """What the visitor has chosen, or what their browser asks for first."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    asked = request.headers.get("accept-language", "").strip().casefold()
    return "zh" if asked.startswith("zh") else "en"


def say(page: str, word: str, language: str, *values: object) -> str:
    """A phrase of a page in a language, its gaps filled. Raises KeyError for one there is not.

    Without values the gaps stay, for a script to fill.
    """
    phrase = (phrases_of(page).get(word) or COMMON[word])[LANGUAGES.index(language)]
    return phrase.format(*values) if values else phrase


@cache
def phrases_of(page: str) -> Phrases:
    """A page's own phrases; empty for one that says only what others say too."""
    name = f"{__name__}.{page}"
    if util.find_spec(name) is None:
        return {}
    found: Phrases = import_module(name).PHRASES
    return found
