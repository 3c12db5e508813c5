"""What an unquoted word in a plant file means."""

from __future__ import annotations

import re

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[+-]?(0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_ODD = re.compile(r"([+-]?)\.(inf|Inf|INF|nan|NaN|NAN)")


def scalar(text: str) -> Scalar:
    """Value of an unquoted word: null, true/false, a decimal number, or else the text itself.

    Narrower than YAML 1.1, where ``no`` is false, ``12:30`` is 750 and ``010`` is 8: here they
    stay text, as do dates, so that nothing changes its meaning unasked.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text) and not re.match(r"[+-]?0\d", text):
        return float(text)
    if _ODD.fullmatch(text):
        return float(text.replace(".", "", 1))
    return text
