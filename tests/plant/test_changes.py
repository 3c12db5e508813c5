"""Entries replaced on the command line, and reading a plant file from Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plant.small import PLANT, write_plant
from zeroplant.errors import InputError
from zeroplant.plant import build, load_plant, read_plant
from zeroplant.units import SizeRange


def lines(path: Path, changes: dict[str, str]) -> list[str]:
    """What is wrong with a changed plant."""
    with pytest.raises(InputError) as caught:
        load_plant(path, changes)
    found = [str(problem).replace(f"{path.parent}/", "") for problem in caught.value.problems]
    assert len({line.count("\n") for line in found}) == 1
    return found


def test_values_are_read_as_in_the_file(tmp_path: Path) -> None:
    """PyYAML alone would make a date of a date and a number of sixty of 12:30."""
    plant = load_plant(
        write_plant(tmp_path),
        {
            "assets.wind.power": "{max: 3 MW}",
            "assets.battery.power": "500 kW",
            "time.start": "2025-03-29",
            "rules.0.export_max": "15 %",
            "finance.debt.tenor": "7",
            "description": "12:30",
        },
    )
    assert plant.assets["wind"].power == SizeRange(max=3.0)  # type: ignore[attr-defined]
    assert plant.assets["battery"].power == pytest.approx(0.5)  # type: ignore[attr-defined]
    assert plant.rules[0].figures["export_max"] == pytest.approx(0.15)
    assert plant.finance is not None
    assert plant.finance.debt is not None
    assert plant.finance.debt.tenor == 7
    assert plant.description == "12:30"


def test_null_takes_an_entry_out(tmp_path: Path) -> None:
    """Of a mapping or of a list; what is then missing is told of."""
    path = write_plant(tmp_path)
    plant = load_plant(path, {"assets.wind": "null", "rules[0]": "null", "finance": ""})
    assert (set(plant.assets) & {"wind"}, plant.rules, plant.finance) == (set(), [], None)
    (line,) = lines(path, {"assets.wind.power": "null"})
    assert line.startswith("plant.yaml:24: assets.wind: the key 'power' is missing; add it: ")


def test_entries_may_be_made(tmp_path: Path) -> None:
    """Sections that the file does not have come into being with their first entry."""
    plant = load_plant(write_plant(tmp_path), {"nodes.pump.carrier": "water", "carbon.cap": "0"})
    assert plant.nodes["pump"].carrier == "water"
    assert plant.carbon.cap == 0.0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"assets.wnd.power": "5 MW"}, "--set assets.wnd: the key 'kind' is missing"),
        ({"asets.wind.power": "5 MW"}, "--set asets: unknown key 'asets'; did you mean 'assets'?"),
        ({"assets.wind.powr": "5 MW"}, "--set assets.wind.powr: unknown key 'powr'; did you mean"),
        ({"assets.wind.power": "5 MWh"}, "--set assets.wind.power: '5 MWh' is an energy; write"),
        ({"assets.wind.at": "prak"}, "--set assets.wind.at: there is no node 'prak'; did you"),
        ({"name.first": "x"}, "--set name.first: there is no such place in the plant file; write"),
        ({"rules.1.breach": "1"}, "--set rules.1.breach: there is no such place in the plant"),
        ({"assets.wind.power": "{max: 5"}, "--set assets.wind.power: a mapping in braces is not"),
        ({"": "5"}, "--set : there is no such place in the plant file"),
    ],
)
def test_a_wrong_change_is_named_by_itself(
    changes: dict[str, str], says: str, tmp_path: Path
) -> None:
    """The file's own lines are right, so none of them is blamed."""
    found = lines(write_plant(tmp_path), changes)
    assert found[0].startswith(says), found


def test_lines_of_the_file_stay_what_they_are(tmp_path: Path) -> None:
    """A change elsewhere moves no line number."""
    path = write_plant(tmp_path, PLANT.replace("to: shore", "to: shoer"))
    assert lines(path, {"time.periods": "24"}) == [
        "plant.yaml:40: assets.cable.to: there is no node 'shoer'; did you mean 'shore'?"
    ]


def test_notes_tell_what_is_hardly_meant(tmp_path: Path) -> None:
    """An unused site and nodes without use or source are allowed, and told of."""
    changes = {
        "sites.valley": "{climate: ningbo}",
        "nodes.lonely": "{}",
        "nodes.island": "{}",
        "assets.factory.at": "island",
    }
    notes = read_plant(write_plant(tmp_path), changes).notes
    assert {(note.where, note.what.split(",")[0]) for note in notes} == {
        ("--set sites.valley", "no asset uses the weather of this site"),
        ("--set nodes.lonely", "no asset is connected to this node"),
        ("--set nodes.island", "nothing feeds this node"),
    }
    assert not read_plant(write_plant(tmp_path)).notes


def test_a_battery_may_burn_energy_at_negative_prices(tmp_path: Path) -> None:
    """Below nothing the plan is paid for losses; levies and one_direction take that away."""
    path = write_plant(tmp_path)
    cheap = {"assets.grid.import_price": "-0.10 CNY/kWh", "assets.grid.export_price": "-1 CNY/kWh"}
    (note,) = read_plant(path, cheap).notes
    assert note.where == "assets.battery"
    assert "48 periods" in note.what
    assert "one_direction: true" in note.what
    for cure in ({"assets.battery.one_direction": "true"}, {"assets.grid.levies": "0.2 CNY/kWh"}):
        assert not read_plant(path, cheap | cure).notes


def test_vehicles_that_give_back_may_burn_energy_too(tmp_path: Path) -> None:
    """*Proves:* whatever may take and give electricity at once is named, of any kind.

    *A wrong answer would be:* a note for batteries alone, and none for a port whose boxes give
    back or a pumped storage; one that speaks of an entry the kind does not have.
    """
    port = "{kind: box_port, at: park, boxes: 4, incoming: 0.2, gives_back: true}"
    cheap = {
        "assets.grid.import_price": "-0.10 CNY/kWh",
        "assets.grid.export_price": "-1 CNY/kWh",
        "assets.battery.one_direction": "true",
    }
    (note,) = read_plant(write_plant(tmp_path), cheap | {"assets.port": port}).notes
    assert note.where == "--set assets.port"
    assert "charging and discharging at once" in note.what
    assert "one_direction" not in note.what
    quiet = port.replace(", gives_back: true", "")
    assert not read_plant(write_plant(tmp_path), cheap | {"assets.port": quiet}).notes


def test_what_is_read_can_be_built(tmp_path: Path) -> None:
    """The rehearsal leaves no trace: the built plant has real weather, not full output."""
    plant = load_plant(write_plant(tmp_path))
    assert plant.folder == tmp_path
    network = build(plant).network
    (wind,) = (flow for flow in network.flows if flow.name == "wind.output")
    (term,) = wind.cap.terms
    assert 0.0 <= min(term.coefficient) < max(term.coefficient) <= 1.0
    assert len(set(term.coefficient)) > 24


@pytest.mark.parametrize(
    ("changes", "instead"),
    [
        ({"time.periods": "168", "time.years": "1"}, "leave one of them out"),
        ({"time.years": "1"}, "add --set time.periods=null"),
        ({"time": "{years: 1, periods: 3}"}, "leave one of them out"),
    ],
)
def test_a_change_that_contradicts_the_file_says_what_to_take_out(
    changes: dict[str, str], instead: str, tmp_path: Path
) -> None:
    """The file says ``periods``: the entry to take out is the one that the user did not set."""
    (line,) = lines(write_plant(tmp_path), changes)
    assert "'years' and 'periods' both say how long it is; " in line
    assert line.endswith(instead)


def test_a_carbon_cap_may_say_that_it_is_yearly(tmp_path: Path) -> None:
    """Its unit is that of a year's emissions; other units are refused in its own words."""
    path = write_plant(tmp_path)
    for written, tonnes in (
        ("100 tCO2/a", 100.0),
        ("100 tCO2", 100.0),
        ("0.1 MtCO2/a", 1e5),
        ("10 tCO2/d", 3650.0),
    ):
        cap = load_plant(path, {"carbon.cap": written}).carbon.cap
        assert cap == pytest.approx(tonnes, rel=1e-12)
    for wrong in ("100 t/a", "100 tCO2/MWh", "-1 tCO2/a", "x/a"):
        (line,) = lines(path, {"carbon.cap": wrong})
        assert line.startswith("--set carbon.cap: ")
