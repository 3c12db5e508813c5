"""The table of faults names tests that there are, and every test of a simulated fault is in it."""

from __future__ import annotations

import re

from tests.shared import ROOT

TESTS = ROOT / "tests"
TABLE = (ROOT / "docs" / "reference" / "faults.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`((?:\w+/)+\w+\.py)(?:::(\w+))?", TABLE)
    assert len(named) > 40
    for file, name in named:
        path = TESTS / file.removeprefix("tests/")
        found = path if path.exists() else ROOT / file  # benchmarks
        assert found.exists(), file
        if name:
            assert f"def {name}(" in found.read_text(encoding="utf-8"), f"{file}::{name}"


def test_every_simulated_fault_is_in_the_table() -> None:
    source = (TESTS / "twin" / "test_faults_run.py").read_text(encoding="utf-8")
    tests = set(re.findall(r"^def (test_\w+)", source, re.MULTILINE))
    tests -= {
        "test_what_turns_out_otherwise_is_planned_anew_within_the_quarter_hour",
        "test_nothing_is_forgotten_when_the_days_go_on",
        "test_a_controller_that_gives_up_is_not_safe",
    }  # not of one fault
    assert {name for name in tests if f"::{name}" not in TABLE} == set()
