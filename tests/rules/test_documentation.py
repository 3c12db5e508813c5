"""What the reference shows can be used as it stands."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from tests.shared import ROOT
from zeroplant import rules

REFERENCE = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")


def _block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", REFERENCE, re.DOTALL | re.MULTILINE)
    assert found
    return found.group(1)


def test_the_plant_file_of_the_reference_is_read() -> None:
    said = yaml.load(_block("yaml"), Loader=yaml.BaseLoader)["rules"]  # all as text
    choices = TypeAdapter(list[rules.RuleChoice]).validate_python(said, context={"file": "x"})
    packs = [choice.resolve(2026) for choice in choices]
    assert packs[1].figure("export_max") == 0.2
    assert packs[1].breach == 2000.0
    binding = [spec.name for spec in packs[2].indicators if spec.binding]
    assert binding == ["carbon", "direct", "solid_waste"]
    assert packs[2].given["other_energy"] == pytest.approx(1200.0)


def test_the_program_of_the_reference_runs() -> None:
    names: dict[str, Any] = {}
    exec(_block("python"), names)
    assert names["pack"].fee(volumetric_price=150, load_factor=0.6) == pytest.approx(65_700)


def test_every_quantity_and_evaluator_is_in_the_reference() -> None:
    from zeroplant.rules.evaluators import EVALUATORS
    from zeroplant.rules.payments import PAYMENTS

    names = [*rules.QUANTITIES, *EVALUATORS, *PAYMENTS]
    assert [name for name in names if f"`{name}`" not in REFERENCE] == []
