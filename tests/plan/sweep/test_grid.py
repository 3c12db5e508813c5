"""The grid of a sweep as it is written."""

from __future__ import annotations

import pytest

from zeroplant.errors import InputError
from zeroplant.plan.sweep import combinations, parameters_of


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("k=100MW,200 MW", ["100MW", "200 MW"]),
        ("k=0..40CNY/kW/month:5", [f"{v} CNY/kW/month" for v in (0, 10, 20, 30, 40)]),
        ("k=0 MW..1 MW:3", ["0 MW", "0.5 MW", "1 MW"]),
        ("k=-1.5..1.5:3", ["-1.5", "0", "1.5"]),
        ("k=1e3..2e3 tCO2:2", ["1000 tCO2", "2000 tCO2"]),
        ("k=5 MW, 10..20 MW:2", ["5 MW", "10 MW", "20 MW"]),
        ("k=null, {max: 3 MW, min: 1 MW}", ["null", "{max: 3 MW, min: 1 MW}"]),
        ("k='a, b', c", ["'a, b'", "c"]),
        ("k=20 %..10 %:2", ["20 %", "10 %"]),
        ("k=one", ["one"]),
    ],
)
def test_values(written: str, values: list[str]) -> None:
    """*Proves:* commas separate values but not what stands in braces or quotes; a range gives as
    many values as it says, ends included. *A wrong answer would be:* a mapping cut in two.
    """
    (found,) = parameters_of([written])
    assert list(found.values) == values


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["k"], "--set k: no KEY=VALUES; write such as assets.wind.power='100 MW, 200 MW'"),
        (["=5"], "--set =5: no KEY=VALUES"),
        (["k="], "--set k=: no KEY=VALUES"),
        (["k=1,,2"], "--set k: a value is missing beside a comma; separate values by commas"),
        (["k={a: 1"], "--set k: brackets do not match"),
        (["k='a"], "--set k: a quote is not closed"),
        (["k=1..5"], "--set k: '1..5' is no range of values; write LOW..HIGH UNIT:COUNT, such as"),
        (["k=1..5 MW:x"], "--set k: '1..5 MW:x' is no range of values"),
        (["k=a..b:3"], "--set k: 'a..b:3' is no range of values"),
        (["k=1 MW..5 kW:3"], "--set k: '1 MW..5 kW:3' has two units"),
        (["k=1..5 MW:1"], "--set k: a range of 1 values; write a count from 2 to 1,000 after ':'"),
        (["k=1..5 MW:9999"], "--set k: a range of 9999 values"),
        (["k=1, 1"], "--set k: '1' stands there twice; keep one of them"),
        (["k=1", "k=2"], "--set k: the same entry is swept twice; give all its values at once"),
        (["k=0..1:200", "l=0..1:200"], "--set: 40,000 combinations are more than 10,000"),
    ],
)
def test_mistakes_are_one_clear_line(given: list[str], says: str) -> None:
    """*Proves:* each is named with what to write instead."""
    with pytest.raises(InputError) as caught:
        parameters_of(given)
    (problem,) = caught.value.problems
    assert str(problem).startswith(says)


def test_all_combinations_in_order() -> None:
    """*Proves:* the last parameter changes fastest, always in the order of the values."""
    found = combinations(parameters_of(["a=1,2", "b=x,y,z"]))
    pairs = ["".join(point.values()) for point in found]
    assert pairs == ["1x", "1y", "1z", "2x", "2y", "2z"]


def test_numbers_of_one_unit() -> None:
    """*Proves:* quantities of one unit are drawn along an axis of numbers, others as words."""
    power, mixed, words = parameters_of(["a=1 MW, 2.5 MW", "b=1 MW, 500 kW", "c=x, y"])
    assert (power.numbers, power.unit) == ([1.0, 2.5], "MW")
    assert mixed.numbers is None
    assert words.numbers is None
    assert mixed.unit == ""
