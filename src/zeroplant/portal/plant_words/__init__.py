"""Whole sentences about a plant file in Chinese, for the reader of one writes English.

A sentence stands by itself, after ``: `` or ``; ``, and up to the next ``; `` or the end of the
line. What is put into it stays as it is: keys, values and names of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zeroplant.portal.plant_words.assets import ASSETS
from zeroplant.portal.plant_words.parts import PARTS
from zeroplant.portal.plant_words.plant import PLANT
from zeroplant.portal.plant_words.rules import RULES
from zeroplant.portal.plant_words.series import SERIES
from zeroplant.portal.plant_words.transport import TRANSPORT

SAID = {**PLANT, **ASSETS, **PARTS, **RULES, **TRANSPORT, **SERIES}
"""All of them: what is said, and the same in Chinese; ``{1}`` where the order differs."""

_GAP = re.compile(r"\{(\d*)\}")
_INSIDE, _LAST = r"((?:(?!: )[^;\n])*?)", r"([^;\n]*?)"
"""What a gap may hold: nothing that begins a sentence, but at the end an explanation."""
_BEGIN, _END = r"(?:(?<![^\n])|(?<=[:;] ))", r"(?=; |；|\n|$)"


@dataclass(frozen=True)
class Template:
    """A sentence with gaps; ``mark`` is its longest part, in any text that it stands in."""

    mark: str
    pattern: re.Pattern[str]
    told: str

    def put(self, found: re.Match[str]) -> str:
        """The sentence in Chinese, with what stood in the gaps."""
        gaps = iter(found.groups())
        return _GAP.sub(lambda gap: found[int(gap[1]) + 1] if gap[1] else next(gaps), self.told)


def _template(said: str, told: str) -> Template:
    """Each gap ends with the first of what may follow it: no text is looked through again."""
    parts = said.split("{}")
    gaps = [_INSIDE] * (len(parts) - 1)
    if gaps and not parts[-1]:
        gaps[-1] = _LAST
    first, *after = [*map(re.escape, parts[:-1]), re.escape(parts[-1]) + _END]
    inside = "".join(f"(?>{gap}{part})" for gap, part in zip(gaps, after, strict=True))
    return Template(max(parts, key=len), re.compile(f"{_BEGIN}{first}{inside}"), told)


_TEMPLATES = [_template(said, SAID[said]) for said in sorted(SAID, key=len, reverse=True)]
"""The longest first: what says more is not taken for what says less."""


def told_of_plant(text: str) -> str:
    """A text with every sentence about a plant file in it that is known turned into Chinese."""
    for template in _TEMPLATES:
        if template.mark in text:
            text = template.pattern.sub(template.put, text)
    return text
