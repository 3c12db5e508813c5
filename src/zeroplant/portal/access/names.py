"""Names of people, which records of what they did and approved are read by.

Two that look alike would be taken for one another there, so that what reads like a name somebody
has is refused, and so are letters of several scripts in one name (a Cyrillic "а" in "anna"), but
for Latin beside those of East Asia. After Unicode Technical Standard 39, Unicode Security
Mechanisms, "highly restrictive".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from zeroplant.errors import Problem
from zeroplant.portal.access.database import LONGEST_NAME

_NAME = re.compile(rf"[^\W_][\w.@-]{{0,{LONGEST_NAME - 1}}}")
_EAST_ASIA = frozenset({
    "LATIN", "CJK", "IDEOGRAPHIC", "BOPOMOFO", "HANGUL", "HIRAGANA", "KATAKANA",
    "KATAKANA-HIRAGANA",
})  # fmt: skip
"""Scripts that are written together there, with their signs that are of none."""


def unfit_name(name: str, others: Iterable[str]) -> Problem | None:
    """What keeps a name from being given, if anything, beside those that others have."""
    if not _NAME.fullmatch(name):
        what = f"'{name[:LONGEST_NAME]}' cannot be a name"
        instead = f"write letters, digits, . - @, at most {LONGEST_NAME}"
        return Problem(what, "name", instead=instead)
    if _mixed(name):
        what = f"'{name}' has letters of several scripts"
        return Problem(what, "name", instead="write it in one")
    for other in others:
        if other == name:
            return Problem(f"there is a '{name}' already", "name")
        if _read(other) == _read(name):
            return Problem(f"'{name}' reads like '{other}', whom there is already", "name")
    return None


def _read(name: str) -> str:
    """The same text for names that differ by case, width or the way a letter is put together."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _mixed(name: str) -> bool:
    """Whether its letters and digits are of scripts that nobody writes in one name.

    A script is the first word of a letter's name in Unicode.
    """
    found = {
        unicodedata.name(each, "?").split()[0]
        for each in unicodedata.normalize("NFKC", name)
        if each.isalpha() or not each.isascii()
    }
    return len(found) > 1 and not found <= _EAST_ASIA
