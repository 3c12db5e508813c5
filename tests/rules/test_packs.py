"""Every shipped pack is sound: its examples hold, and would notice a changed figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.shared import ROOT
from zeroplant import rules
from zeroplant.errors import InputError
from zeroplant.rules.pack import Pack

PACKS = [pack.name for pack in rules.packs()]


@pytest.mark.parametrize("name", PACKS)
def test_worked_examples_hold(name: str) -> None:
    """Proves: what a pack says its figures lead to is what the program computes."""
    results = rules.test(rules.load(name))
    assert results
    assert [r for r in results if not r.passed] == []


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    else:
        yield path


@pytest.mark.parametrize("name", PACKS)
def test_a_tampered_figure_makes_an_example_fail(name: str) -> None:
    """Proves: no figure of any year or class can change by 1 % without an example failing.

    A pack with a figure that no example uses would pass the test above with any value.
    """
    pack = rules.load(name)
    for parameter, entry in pack.parameters.items():
        for path in _leaves(entry.value):
            data = pack.model_dump(by_alias=True)
            place, key = data["parameters"][parameter], "value"
            for step in path:
                place, key = place[key], step
            place[key] *= 1.01
            tampered = Pack.model_validate(data)
            where = f"{parameter} {path}"
            assert any(not r.passed for r in rules.test(tampered)), where


@pytest.mark.parametrize("name", PACKS)
def test_sources_are_written_out(name: str) -> None:
    """Proves: a source can be followed without another document beside the pack."""
    pack = rules.load(name)
    cited = [*pack.parameters.values(), *pack.tables]
    assert cited
    for entry in cited:
        assert not re.search(r"\bS\d+\b", entry.source)
        assert len(entry.source) > 20
        if entry.confidence in {"low", "unverified"}:
            assert entry.note, "an uncertain figure says what to do about it"


def test_an_unknown_pack_names_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"did you mean 'cn-direct-connection-650'"):
        rules.load("cn-direct-connection-651")


def test_figures_go_by_year_and_class() -> None:
    """Proves: the 35 % step is taken in 2030, not before, and parks go by their class."""
    choice = rules.RuleChoice(pack="cn-direct-connection-650")
    shares = [choice.resolve(year).figure("green_load_min") for year in (2025, 2029, 2030, 2040)]
    assert shares == [0.30, 0.30, 0.35, 0.35]
    park = {"pack": "cn-zero-carbon-park-910"}
    large = rules.RuleChoice.model_validate({**park, "class": "large"}).resolve(2026)
    assert large.figure("carbon_max") == 0.30


def test_a_rule_that_has_ended_says_so() -> None:
    account = {"new_energy_available": 1.0, "new_energy_generated": 1.0, "load": 1.0}
    pack = rules.RuleChoice(pack="cn-chongqing-rps-669").resolve(2031)
    assert "held until 2026-12-31" in rules.check([pack], account)[0].note


def test_no_figure_before_its_first_year() -> None:
    choice = rules.RuleChoice(pack="cn-chongqing-rps-669")
    with pytest.raises(InputError, match="begins in 2025, not in 2024"):
        choice.resolve(2024)


def test_every_pack_is_in_the_reference() -> None:
    text = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    assert [name for name in PACKS if name not in text] == []


@pytest.mark.parametrize(
    "name",
    ["cn-reverse-flow", "cn-village-wind", "cn-shore-power-duty", "cn-home-response-comfort"],
)
def test_unverified_rules_are_off(name: str) -> None:
    """*Proves:* none of these rules binds a plan unless a plant turns it on, and each figure is
    marked. *A wrong answer would be:* a plan curtailed by a figure that nobody read.
    """
    pack = rules.load(name)
    assert not any(spec.binding for spec in pack.indicators)
    assert {entry.confidence for entry in pack.parameters.values()} == {"unverified"}
