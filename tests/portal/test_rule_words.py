"""Rules that bind are told in words: every rule that a kind of asset or the running makes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import zeroplant
from tests.portal.sentences import Module
from zeroplant.operate.schedule import Reason
from zeroplant.plan.report.names import Names
from zeroplant.portal.rule_words import RULES, rule_told
from zeroplant.portal.why import why_told

SOURCE = Path(zeroplant.__file__).parent
NAMES = Names({"complex": "navigation_complex", "swap": "swap_station", "battery": "battery"})
PROMISED = {"{}: least", "{}: most", "{} ({})"}
"""Named after a promise, which `zeroplant.portal.answers` tells."""
NEVER = {"{} now", "held"}
"""In models that give no reasons: of the first step, of what is held ready in an hour."""


def made() -> set[str]:
    """What rules are called in the source."""
    files = [*(SOURCE / "assets").rglob("*.py"), *(SOURCE / "operate").glob("*.py")]
    return {
        sentence
        for file in files
        for sentence in Module(file.read_text(encoding="utf-8"), ["budget"]).sentences()
    }


def test_every_rule_has_words() -> None:
    assert made() - set(RULES) == PROMISED | NEVER


@pytest.mark.parametrize(
    ("name", "en", "zh"),
    [
        ("complex.level and river", "complex: output by its level and the river",
         "complex：按水位与来水的出力"),
        ("swap.in hand 0", "swap: packs it has in hand", "swap：站内电池组数"),
        ("battery.only while charge", "battery: one way at a time: charge",
         "battery：同一时刻只向一个方向：充电"),
        ("swap.waiting (least)", "swap waiting: its least level", "swap 排队车辆：库存下限"),
        ("nobody.knows this", "nobody knows this", "nobody knows this"),
    ],
)  # fmt: skip
def test_a_rule_is_told_by_whose_it_is(name: str, en: str, zh: str) -> None:
    assert rule_told(name, NAMES) == (en, zh)


def test_all_of_them_read_in_both_languages() -> None:
    for said in RULES:
        told = rule_told(f"battery.{said.replace('{}', 'charge')}", NAMES)
        assert told.en.startswith("battery: ")
        assert "{" not in told.en + told.zh
        assert not re.search("[a-z]{3}", told.zh.removeprefix("battery："))


def test_a_reason_calls_the_rule_so_and_counts_in_chinese() -> None:
    reason = Reason(
        0, 1, "swap.in hand 0", 55.0,
        "the rule 'swap.in hand 0' binds; relaxing it by 1 packs would save 55 ¤",
        "约束“swap.in hand 0”起作用；每放宽 1 packs 可节省 55 ¤",
    )  # fmt: skip
    en, zh = why_told(reason, NAMES, "CNY")
    assert en.startswith("the rule 'swap: packs it has in hand' binds; relaxing it by 1 pack ")
    assert zh == "约束“swap：站内电池组数”起作用；每放宽 1 组 可节省 55 元"
