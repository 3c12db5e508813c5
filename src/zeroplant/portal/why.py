"""Why a plan is as it is, for people: names as they are called, amounts in the plant's money."""

from __future__ import annotations

import re

from zeroplant.operate.schedule import Reason
from zeroplant.plan.report.figures import COUNTED, money
from zeroplant.plan.report.names import Names
from zeroplant.plan.report.text import Text
from zeroplant.portal.answers import chinese
from zeroplant.portal.rule_words import rule_told

_AMOUNT = re.compile(r"(\d+) ¤")
"""An amount as `zeroplant.operate.reasons` writes it, which knows no currency."""
_COUNTS = re.compile(rf"(?<=\d) ({'|'.join(COUNTED)})(?:e?s)?\b")
"""What is counted, after its number."""
_ONE = re.compile(rf"\b1 ({'|'.join(COUNTED)})e?s\b")


def why_told(reason: Reason, names: Names, currency: str) -> Text:
    """A reason of a plan in both languages."""
    rule = f"'{reason.what}'" in reason.en
    called = rule_told(reason.what, names) if rule else names.part(reason.what)
    return Text(
        _ONE.sub(
            r"1 \1",
            _with_money(reason.en.replace(reason.what, called.en, 1), currency, chinese=False),
        ),
        chinese(_counted(
            _with_money(reason.zh.replace(reason.what, called.zh, 1), currency, chinese=True)
        )),
    )  # fmt: skip


def _with_money(said: str, currency: str, *, chinese: bool) -> str:
    return _AMOUNT.sub(lambda found: money(float(found[1]), currency)[int(chinese)], said)


def _counted(said: str) -> str:
    """Packs and trucks after a number, in Chinese."""
    return _COUNTS.sub(lambda found: f" {COUNTED[found[1]]}", said)
