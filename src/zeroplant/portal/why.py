"""Why a plan is as it is, for people: names as they are called, amounts in the plant's money."""

from __future__ import annotations

import re

from zeroplant.operate.schedule import Reason
from zeroplant.plan.report.figures import money
from zeroplant.plan.report.names import Names
from zeroplant.plan.report.text import Text
from zeroplant.portal.answers import chinese

_AMOUNT = re.compile(r"(\d+) ¤")
"""An amount as `zeroplant.operate.reasons` writes it, which knows no currency."""


def why_told(reason: Reason, names: Names, currency: str) -> Text:
    """A reason of a plan in both languages."""
    called = names.part(reason.what)
    return Text(
        _with_money(reason.en.replace(reason.what, called.en, 1), currency, chinese=False),
        chinese(_with_money(reason.zh.replace(reason.what, called.zh, 1), currency, chinese=True)),
    )


def _with_money(said: str, currency: str, *, chinese: bool) -> str:
    return _AMOUNT.sub(lambda found: money(float(found[1]), currency)[int(chinese)], said)
