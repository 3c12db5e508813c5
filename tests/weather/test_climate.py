"""Climate tables: the shipped ones load and say where they come from, bad ones are named."""

from __future__ import annotations

from typing import Any

import pytest

from zeroplant.errors import InputError
from zeroplant.weather.climate import climate, climate_of, climates


def table(name: str = "ningbo") -> dict[str, Any]:
    """A shipped climate as a plain, changeable table."""
    return climate(name).model_dump()


def test_shipped_climates() -> None:
    """Proves: the three climates ship, and each says its source and a confidence in brackets."""
    assert climates() == ["chongqing", "ningbo", "qingshuihe"]
    for name in climates():
        source = climate(name).source
        assert any(word in source for word in ("[high", "[medium", "[low"))
        assert climate(name).title_zh
    assert "bias" in climate("chongqing").source


def test_unknown_name_lists_the_names() -> None:
    """Proves: a typing error is answered with the names there are."""
    with pytest.raises(InputError, match="did you mean 'ningbo'"):
        climate("ningpo")


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("irradiance", "mean"), [9.9] * 12, "more sun than a cloudless sky"),
        (("irradiance", "spread"), [0.9] * 12, "spread of month"),
        (("wind", "mean"), [5.0] * 11, "at least 12"),
        (("wind", "shape"), [-1.0] * 12, "greater than 0"),
        (("correlation", "irradiance_wind"), 1.5, "less than 1"),
        (("latitude",), 91, "less than or equal to 66"),
        (("humidity",), 0.5, "Extra inputs"),
    ],
)
def test_bad_tables_are_named(path: tuple[str, ...], value: object, says: str) -> None:
    """Proves: physics and typing errors in a table are refused with the reason."""
    wrong = table()
    inner = wrong
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(InputError, match=says):
        climate_of(wrong)


def test_all_problems_at_once() -> None:
    """Proves: two errors give two problems, not the first alone."""
    wrong = table()
    wrong["latitude"] = 91
    wrong["wind"]["height"] = 0
    with pytest.raises(InputError) as caught:
        climate_of(wrong)
    assert len(caught.value.problems) == 2
