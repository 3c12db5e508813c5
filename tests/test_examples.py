"""The examples: each is a plant that passes, with a page in both languages that names it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.shared import ROOT
from zeroplant.assets import Finding
from zeroplant.cli import main
from zeroplant.plan.result import PlanResult
from zeroplant.plan.run import plan
from zeroplant.plan.stations import simulate
from zeroplant.plant import load_plant

EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/plant.yaml"))
SET = r"--set ([\w.]+)=('[^']*'|[^\s`'\"]+)"
QUOTED = r'--set "([^=]+)=([^"]+)"'
STATIONS = ("Fuling", "Wulong", "Pengshui", "Qianjiang", "Youyang", "Xiushan")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_may_be_copied_and_passes(name: str, tmp_path: Path) -> None:
    """*Proves:* ``new`` offers it, and ``check`` finds nothing in the copy.

    *A wrong answer would be:* an example that only works where it stands.
    """
    assert main(["new", name, str(tmp_path / "mine")]) == 0
    assert main(["check", str(tmp_path / "mine")]) == 0


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_what_a_page_changes_is_in_the_plant(name: str, page: str) -> None:
    """*Proves:* the page plans its own example, and every ``--set`` of it is understood.

    *A wrong answer would be:* a page that tells a newcomer to type what fails.
    """
    folder = ROOT / "examples" / name
    text = (folder / page).read_text(encoding="utf-8")
    assert f"zeroplant plan  examples/{name} --out" in text
    for line in text.splitlines():
        changes = dict(re.findall(SET, line)) | dict(re.findall(QUOTED, line))
        # Of a grid of values only a sweep knows; files of one's own are nowhere yet.
        if changes and not re.search(r"zeroplant sweep|\.csv|\.parquet", line):
            plain = {key: value.strip("'") for key, value in changes.items()}
            load_plant(folder, changes=plain)


@cache
def two_weeks() -> PlanResult:
    """The swap corridor over the first fortnight of March."""
    changes = {
        "time.start": "2025-03-03", "time.years": "null", "time.periods": "336",
        "sites.chongqing.seed": "1",
    }  # fmt: skip
    return plan(load_plant(ROOT / "examples" / "swap-corridor", changes=changes), advise=False)


def said(who: str) -> dict[str, Finding]:
    """What an asset of the corridor found, by key."""
    return {finding.key: finding for finding in two_weeks().findings[who]}


@pytest.mark.parametrize("place", STATIONS)
def test_trucks_of_the_corridor_get_their_packs(place: str) -> None:
    """*Proves:* trucks that come by chance find a full pack at once in 99 of 100 cases.

    *A wrong answer would be:* a plan that promises packs which the simulation does not find, or
    more swaps a day than lanes can give.
    """
    found = said(f"swap {place}")
    lanes = two_weeks().plant.assets[f"swap {place}"].lanes  # type: ignore[attr-defined]
    assert found["served_as_promised"].value >= 0.99
    assert 0.0 < found["swaps_per_day"].value < 168.0 * lanes


def test_each_station_serves_as_promised_when_its_trucks_drive_the_road() -> None:
    """*Proves:* what each station's own simulation finds (above) also holds where all of them are
    simulated together and each truck comes with the charge that it has left: 99 of 100 trucks find
    a full pack at once, 95 of 100 wait ten minutes at most, and stations draw what was planned.

    *A wrong answer would be:* a station whose trucks come with packs of 70 %, of which the plan
    counts two thirds as full, and which waits for them to be.
    """
    result = two_weeks()
    found = simulate(result.plant, result.solution, days=10.0, seed=2)
    assert [station.name for station in found.stations] == [f"swap {place}" for place in STATIONS]
    for station in found.stations:
        service = station.service
        assert service is not None
        assert service.prompt >= 0.99
        assert service.p95 <= 10.0 / 60.0
        assert station.charged == pytest.approx(station.planned, rel=0.1)
        alone = said(station.name)
        assert service.prompt == pytest.approx(alone["served_as_promised"].value, abs=0.01)


def test_what_trucks_drive_is_what_stations_give() -> None:
    """*Proves:* road and stations count the same energy: kWh/km · km = kWh per swap · swaps.

    *A wrong answer would be:* energy lost between the road's drive and the classes of the packs.
    """
    road = said("road")
    driven = road["truck_km"].value / 365.0 * road["consumption"].value
    swapped = 0.0
    for place in STATIONS:
        found = said(f"swap {place}")
        swapped += found["swaps_per_day"].value * found["energy_per_swap"].value
    assert 1.0 < road["consumption"].value < 1.7
    assert swapped == pytest.approx(driven, rel=0.01)
