"""The summary on a terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.plan.report import sample
from zeroplant.plan.report import print_summary
from zeroplant.plan.result import Cure


def printed(plan: sample.Result, width: int = 160, **words: object) -> str:
    """What a terminal of so many columns shows."""
    out = io.StringIO()
    print_summary(plan, Console(file=out, width=width, **words))  # type: ignore[arg-type]
    return out.getvalue()


def test_figures_are_there_and_it_is_narrow(planned: sample.Result) -> None:
    """Sizes, energy, money, rules and carbon in under 100 columns, without colours."""
    shown = printed(planned, no_color=True)
    assert "\x1b" not in shown
    assert max(cell_len(line) for line in shown.splitlines()) < 100
    for words in ("wind power", "MW", "Energy of a year", "NPV", "✓", "≥ 60.0 %", "ktCO₂"):
        assert words in shown
    size = planned.solution.number(planned.network.sizes[0])
    assert f"{size:.0f} MW" in shown


@pytest.mark.parametrize("width", [60, 80])
def test_small_terminals(planned: sample.Result, width: int) -> None:
    """Nothing is wider than the terminal."""
    lines = printed(planned, width).splitlines()
    assert max(cell_len(line) for line in lines) <= width


def test_broken_rule_and_cure(planned: sample.Result) -> None:
    """A broken rule has its cross, and the cure says what to do and what it costs."""
    rules = [replace(planned.rules[0], met=False, margin=-0.1), *planned.rules[1:]]
    name = f"{rules[0].rule}: {rules[0].indicator}"
    cures = [
        Cure(name, 5.0, "MWh", {"wind.power": (100.0, 130.0)}, 1.2e6, ("raise [wind]", "增")),
        Cure("park load.unserved", 40.0, "MWh", {}, None, ("no cure", "无")),
    ]
    shown = " ".join(printed(replace(planned, rules=rules, cures=cures)).split())
    assert "✗" in shown
    assert "raise [wind]" in shown
    assert "no cure" in shown


def test_names_are_no_markup(planned: sample.Result) -> None:
    """``[red]`` in a plant's name is shown as it is."""
    plan = replace(planned, plant=replace(planned.plant, name="[red]plant[/red]"))
    assert "[red]plant[/red]" in printed(plan)
