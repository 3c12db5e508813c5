"""Names that the plant does not have, in the files of those who work with it."""

from __future__ import annotations

from tests.operate.small_plant import small_network
from zeroplant.operate.named import misnamed
from zeroplant.operate.points import points_of


def test_names_that_the_plant_does_not_have_are_told_with_what_was_meant() -> None:
    """A battery misspelt would be served by nobody, and a command for it confirmed all the same."""
    points = points_of(small_network())
    devices = {
        "battery": ["battery.charge", "battery.temperature"],
        "batery": ["batery.charge", "batery.discharge"],
    }
    commands = ["battery.discharge", "batery.charge", "works.load"]
    said = [str(each) for each in misnamed(points, devices, commands)]
    assert len(said) == 3
    assert "device 'batery'" in said[0]
    assert "battery" in said[0].replace("'batery'", "")
    assert "'batery.charge'" in said[1]
    assert "battery.charge" in said[1].replace("'batery.charge'", "")
    assert "'works.load'" in said[2]


def test_right_names_have_no_problem() -> None:
    points = points_of(small_network())
    assert misnamed(points, {"wind farm": ["wind.output"]}, ["battery.charge"]) == []
