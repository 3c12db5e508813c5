"""Home fleets of figures that no home can have, in the plant file and in a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.assets.test_home_fleet import fleet, july, place
from zeroplant.errors import InputError


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"cars": {"returns": {"min": 17.0, "max": 25.0}}}, "25.0 is above 24 h; write 24 h or"),
        ({"cars": {"leaves": -1.0}}, "-1.0 is below 0 h"),
        ({"cars": {"energy": -0.01}}, "not above 0 MWh"),
        ({"cars": {"power": 0.0}}, "not above 0 MW"),
        ({"rooms": {"cop": {"min": -3.0, "max": 4.0}}}, "-3.0 is below 1; write 1 or more"),
        ({"rooms": {"heating_cop": 400.0}}, "400.0 is above 10; write 10 or less"),
        ({"rooms": {"power": "-1 kW"}}, "'-1 kW' is not above 0 MW"),
        ({"rooms": {"gains": -1e-4}}, "below 0 MW"),
        ({"rooms": {"aperture": -1.0}}, "below 0 m2"),
        ({"rooms": {"summer": 60.0}}, "60.0 is above 40 degC"),
        ({"rooms": {"winter": -11.0}}, "-11.0 is below -10 degC"),
        ({"batteries": {"power": -5e-3}}, "not above 0 MW"),
        ({"batteries": {"energy": 0.0}}, "not above 0 MWh"),
        ({"roofs": {"capex": 0.0, "power": -5e-3}}, "not above 0 MW"),
    ],
)
def test_what_no_home_can_have_is_refused(words: dict[str, Any], said: str) -> None:
    """*Proves:* each figure has bounds, whatever its form. *A wrong answer would be:* a division by
    zero, or a plan of batteries below nothing.
    """
    with pytest.raises(ValidationError, match=said):
        fleet(**words)


def test_one_figure_is_wrong_once() -> None:
    """*Proves:* a figure that is its own range has one line, at its own place. *A wrong answer
    would be:* one for each end."""
    with pytest.raises(ValidationError) as caught:
        fleet(rooms={"cop": 0.0})
    (error,) = caught.value.errors()
    assert error["loc"] == ("rooms", "cop")
    assert "0.0 is below 1; write 1 or more" in error["msg"]


def test_a_table_is_held_to_the_same_bounds(tmp_path: Path) -> None:
    """*Proves:* each line names the file, the row and the column. *A wrong answer would be:* a
    traceback from a COP of 0."""
    (tmp_path / "homes.csv").write_text("ac_power_kw,ac_cop,band_k\n0.9,0,2\n0.9,3,0\n")
    with pytest.raises(InputError) as caught:
        fleet(table=str(tmp_path / "homes.csv"), rooms={}).fleet(july(), place(july()))
    assert [str(each).removeprefix(str(tmp_path)) for each in caught.value.problems] == [
        "/homes.csv: column 'ac_cop', row 1: 0 is below 1; write 1 or more",
        "/homes.csv: column 'band_k', row 2: 0 is not above 0; write more than 0",
    ]
