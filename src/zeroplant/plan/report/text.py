"""Text in English and Chinese that goes into a page, a sheet or a chart as one thing."""

from __future__ import annotations

from html import escape
from typing import NamedTuple


class Text(NamedTuple):
    """The same words in both languages."""

    en: str
    zh: str

    def __html__(self) -> str:
        """Both languages, one of which the page shows; escaped."""
        if self.en == self.zh:
            return escape(self.en)
        return (
            f'<span class="en" lang="en">{escape(self.en)}</span>'
            f'<span class="zh" lang="zh-CN">{escape(self.zh)}</span>'
        )

    @property
    def both(self) -> str:
        """Both languages side by side, for places that cannot switch: cells, bookmarks."""
        return self.en if self.en == self.zh else f"{self.en} {self.zh}"

    def format(self, *values: Say, **named: Say) -> Text:
        """Fill the ``{}`` of both languages; a Text among the values speaks the right one."""
        return Text(
            *(
                pattern.format(
                    *(_in(language, value) for value in values),
                    **{name: _in(language, value) for name, value in named.items()},
                )
                for language, pattern in enumerate(self)
            )
        )


Say = str | Text


def same(words: str) -> Text:
    """Words that are the same in both languages: names from the plant file, figures."""
    return Text(words, words)


def text(words: Say) -> Text:
    """Anything sayable as Text."""
    return words if isinstance(words, Text) else same(words)


def listed(parts: list[Text]) -> Text:
    """Several things in a row: "a, b and c", "a、b和c"."""
    if len(parts) < 2:
        return parts[0] if parts else same("")
    head, last = parts[:-1], parts[-1]
    before = " " if head[-1].zh[-1:].isascii() else ""  # Latin words keep their spaces
    after = " " if last.zh[:1].isascii() else ""
    return Text(
        ", ".join(part.en for part in head) + f" and {last.en}",
        "、".join(part.zh for part in head) + f"{before}和{after}{last.zh}",
    )


def sentences(parts: list[Text]) -> Text:
    """Whole sentences one after the other."""
    return Text(" ".join(part.en for part in parts), "".join(part.zh for part in parts))


def _in(language: int, value: Say) -> str:
    return value[language] if isinstance(value, Text) else str(value)
