"""Packs and choices are read strictly: every mistake is named, with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from zeroplant import rules
from zeroplant.errors import InputError
from zeroplant.files import load_yaml, problems_of
from zeroplant.rules.library import FOLDER

GOOD = (FOLDER / "cn-direct-connection-650.yaml").read_text(encoding="utf-8")

BROKEN = {
    # what is changed: (old text, new text, what the error says)
    "unknown key": ("in_force:", "in_force_since:", "did you mean 'in_force'"),
    "figure as text": ("value: 0.60", 'value: "0.60"', "value"),
    "not a number": ("value: 0.60", "value: .nan", "not a finite number"),
    "no source": ("    confidence: high\n", "", "the key 'confidence' is missing"),
    "strange confidence": ("confidence: medium", "confidence: sure", "'high', 'medium', 'low'"),
    "strange evaluator": ("evaluator: self_use_of_load", "evaluator: self_use", "no evaluator"),
    "strange sense": ('sense: "<="', "sense: below", "'>=' or '<='"),
    "limit without figure": ("limit: export_max", "limit: export_most", "needs the parameter"),
    "half a title": ("  zh: 绿电直连（单一用户）\n", "", "the key 'zh' is missing"),
    "no examples": ("examples:", "examples: []\n_:", "examples"),
    "no such quantity in Latin": ("name: cn-direct-connection-650", "name: Direct 650", "name"),
    "not a date": ("in_force: 2025-05-21", "in_force: last May", "in_force"),
    "a year that is none": ('"2030": 0.35', '"soon": 0.35', "value"),
    "classes nobody declared": ("value: 0.60", "value: {small: 0.6}", "other classes"),
    "twice the same": ("- name: green_load", "- name: self_use", "self_use is said twice"),
    "an option too many": (
        "evaluator: self_use_of_load",
        "evaluator: self_use_of_load\n    options: {hydro: true}",
        "takes the options: none",
    ),
    "example without subject": ("    account: {new_energy_available: 100000, ", "    no: {", "no"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_pack_is_refused(what: str, tmp_path: Path) -> None:
    old, new, says = BROKEN[what]
    assert old in GOOD
    path = tmp_path / "pack.yaml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        rules.load(path)
    assert says in str(caught.value)
    assert all(problem.file == str(path) and problem.line for problem in caught.value.problems)


def test_a_new_rule_is_one_new_file(tmp_path: Path) -> None:
    """Proves: a province's own figures need no code: a file, named in the plant."""
    path = tmp_path / "cn-elsewhere.yaml"
    text = GOOD.replace("name: cn-direct-connection-650", "name: cn-elsewhere")
    path.write_text(text.replace("value: 0.60", "value: 0.70"), encoding="utf-8")
    pack = rules.RuleChoice(pack=str(path)).resolve(2026)
    assert pack.figure("self_use_min") == 0.70
    failed = [r for r in rules.test(pack) if not r.passed]
    assert {r.figure for r in failed} == {"self_use margin", "self_use met"}


class Plant(BaseModel):
    """As much of a plant file as rules need."""

    rules: list[rules.RuleChoice]


def _problems(text: str, tmp_path: Path) -> list[str]:
    path = tmp_path / "plant.yaml"
    path.write_text(text, encoding="utf-8")
    file = load_yaml(path)
    try:
        Plant.model_validate(file.data, context={"file": str(path)})
    except ValidationError as error:
        found = problems_of(error, file, model=Plant)
        return [str(problem).removeprefix(f"{path}:") for problem in found]
    return []


def test_every_fault_of_a_choice_has_its_line(tmp_path: Path) -> None:
    """Proves: faults are collected, each on the line where it stands."""
    text = """rules:
  - pack: cn-direct-connection-650
    export_max: 20 %
    self_use_mni: 0.5
    green_load_min: 3
    on: [exprot]
    breach: 2000
  - cn-zero-carbon-park-910
  - pack: cn-nope
  - pack: cn-zero-carbon-park-910
    class: large
    given: {solid_waste: 3 km, load: 3 MWh, other_energy: 1000 tce}
"""
    found = _problems(text, tmp_path)
    starts = [
        "4: rules[0].self_use_mni: 'self_use_mni' is no parameter of cn-direct-connection-650; did",
        "5: rules[0].green_load_min: 3 is above 1",
        "6: rules[0].on[0]: 'exprot' is no indicator of cn-direct-connection-650; did you mean 'ex",
        "8: rules[1]: cn-zero-carbon-park-910 goes by class of project; write class: medium or",
        "9: rules[2].pack: there is no rule pack 'cn-nope'; write one of: ",
        "12: rules[3].given.solid_waste: '3 km' is",
        "12: rules[3].given.load: 'load' is no quantity a plant can give; write one of: certifi",
    ]
    breach = [line for line in found if "breach" in line]
    assert len(breach) == 1
    # A wrong price stops the reading of its own entry before the pack is looked at.
    rest = [line for line in found if "breach" not in line]
    again = _problems(text.replace("    breach: 2000\n", "    breach: 2 CNY/kWh\n"), tmp_path)
    assert len(rest) == len(starts) - 3
    assert len(again) == len(starts)
    for line, start in zip(again, starts, strict=True):
        assert line.startswith(start)


@pytest.mark.parametrize(
    ("said", "limit", "breach"),
    [
        ({"export_max": "20 %", "breach": "2000 CNY/MWh"}, 0.2, 2000.0),
        ({"export_max": 0.15, "breach": "2 元/kWh"}, 0.15, 2000.0),
        ({"export_max": 0}, 0.0, 4000.0),
    ],
)
def test_a_choice_of_a_plant_file(said: dict[str, Any], limit: float, breach: float) -> None:
    choice = rules.RuleChoice.model_validate(
        {"pack": "cn-direct-connection-650", **said}, context={"file": "plant.yaml"}
    )
    pack = choice.resolve(2026)
    assert (pack.figure("export_max"), pack.breach) == (limit, breach)
    assert pack.indicator("export").binding is True


def test_a_pack_alone_is_a_choice() -> None:
    choice = rules.RuleChoice.model_validate("cn-direct-connection-650")
    assert [spec.binding for spec in choice.resolve(2026).indicators] == [True, True, False]
