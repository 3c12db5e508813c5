"""The road: what comes to its stations, what it says of itself, and what it refuses."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.small import axis
from zeroplant.assets.base import Asset
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.pack_family import PackFamily
from zeroplant.assets.road import Road
from zeroplant.axis import Axis
from zeroplant.errors import InputError, Problem
from zeroplant.solve import solve
from zeroplant.transport.packs import PackClasses
from zeroplant.waist import Network, Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site, Weather

ROAD: dict[str, Any] = {
    "kind": "road",
    "places": {"port": {}, "mid": {"candidate": True}, "city": {}},
    "segments": [
        {"from": "port", "to": "mid", "length": "70 km"},
        {"from": "mid", "to": "city", "length": "70 km", "tunnels": "7 km"},
    ],
    "trucks": {"tractor": {"pack": "qiji", "energy": "423 kWh"}},
    "trips": [{"from": "port", "to": "city", "truck": "tractor", "trucks": 240, "one_way": True}],
    "course": {"workday": [1] * 24, "weekend": [1] * 24, "weekdays": [1] * 7, "holidays": 1},
    "stations": {"swap": "mid"},
}


class Stop(Asset):
    """A swap station that takes every truck at once: its nodes, and a flow out of each."""

    title: ClassVar = ("Stop", "站")
    packs: dict[str, PackFamily]
    classes: int = 4

    def prepare(self, plant: Scope) -> None:
        for family in self.packs:
            for number in range(self.classes):
                plant.own_node(f"arrivals {family} {number}", carrier="swaps", unit="1/h")
            plant.own_node(f"lacking {family}", carrier="swaps", unit="1/h")

    def describe(self, plant: Scope, site: Site | None) -> None:
        for family in self.packs:
            for number in range(self.classes):
                name = f"arrivals {family} {number}"
                node = plant.node(f"{plant.who}.{name}")
                plant.flow(f"taken {family} {number}", take=node, unit="1/h")
            low = plant.node(f"{plant.who}.lacking {family}")
            plant.flow(f"lifted {family}", take=low, unit="1/h")


def road(**words: Any) -> Road:
    """The road above, as a plant file says it, with parts replaced."""
    said = {**copy.deepcopy(ROAD), **words}
    return Road.model_validate(said, context={"file": "plant.yaml", "folder": "."})


def stop(family: str = "qiji", **words: Any) -> Stop:
    """A station with packs of one family."""
    return Stop(packs={family: PackFamily(**{"energy": 0.423, "count": 8.0, **words})})


def driven(
    time: Axis, way: Road, stations: dict[str, Stop], site: Site | None = None
) -> tuple[Solution, list[Finding]]:
    """The road and its stations, and what the road found."""
    net = Network(time)
    assets: dict[str, Asset] = {"road": way, **stations}
    scopes = {name: Scope(net, name) for name in assets}
    for name, asset in assets.items():
        asset.prepare(scopes[name])
    for name, asset in assets.items():
        asset.describe(scopes[name], site)
    solution = solve(net)
    return solution, list(way.findings(scopes["road"], solution))


def taken(solution: Solution, station: str = "swap", family: str = "qiji") -> np.ndarray:
    """Packs taken back, shape (classes, stages)."""
    flows = solution.network.flows
    start = f"{station}.taken {family} "
    return np.array([solution.value(flow) for flow in flows if flow.name.startswith(start)])


def figures(findings: list[Finding]) -> dict[str, float]:
    """Findings by their keys."""
    return {finding.key: finding.value for finding in findings}


def problems(way: Road, stations: dict[str, Asset]) -> Iterator[Problem]:
    """What the road says of a plant."""
    for name, problem in Road.across({"road": way, **stations}, {}):
        assert name == "road"
        yield problem


def test_ten_trucks_an_hour_by_hand() -> None:
    """*Proves:* 240 trucks a day over 2 × 70 km of 99.3 kWh: at the half-way station 10 an hour
    have 95 − 23.5 = 71.5 %, which reaches the city (48.0 %), so nobody swaps; with 282 kWh packs
    59.8 % are left, of which 35.2 % more are needed, still above 15 %; only packs of 200 kWh
    (45.3 %) are swapped, as 86.3 % of the class of 41.7 % and 13.7 % of the next. *A wrong answer
    would be:* a swap at every station.
    """
    time, leg = axis(24), 0.0993091
    for energy, swapping in ((0.423, 0.0), (0.282, 0.0), (0.2, 10.0)):
        trucks = {"tractor": {"pack": "qiji", "energy": f"{energy} MWh"}}
        solution, _ = driven(time, road(trucks=trucks), {"swap": stop(energy=energy)})
        packs = taken(solution)
        assert packs.sum(axis=0) == pytest.approx(swapping)
    levels = PackClasses(4, 0.15, 0.95).levels
    assert packs[:, 5] @ levels / 10 == pytest.approx(0.95 - leg / 0.2, rel=1e-5)
    assert np.count_nonzero(packs[:, 5] > 1e-9) == 2


def test_round_trips_take_their_energy_from_the_station() -> None:
    """*Proves:* 240 trucks a day that go loaded and come back empty draw (1.4187 + 0.8427) ×
    140 = 316.6 kWh in a round, and what the station puts into their packs is just that. *A wrong
    answer would be:* 423 kWh a visit, or the way there alone.
    """
    trips = [{"from": "port", "to": "city", "truck": "tractor", "trucks": 240}]
    solution, findings = driven(axis(24), road(trips=trips), {"swap": stop()})
    levels = PackClasses(4, 0.15, 0.95).levels
    energy = 0.423 * (0.95 - levels) @ taken(solution).sum(axis=1)
    assert energy == pytest.approx(240 * 0.14 * (1.418702 + 0.842736), rel=1e-5)
    assert figures(findings)["consumption"] == pytest.approx((1.418702 + 0.842736) / 2, rel=1e-5)


def test_findings_by_hand() -> None:
    """*Proves:* on a day of 240 loaded trucks over 140 km: 12.264 million km and 380.2 million
    t·km a year, 1.4187 kWh/km, 10 % of it in tunnels; as diesels at 38.1 l/100 km and
    2.604 kgCO2/l they emit 12 175 t. *A wrong answer would be:* figures of a day, or t·km with
    the truck's own mass.
    """
    _, findings = driven(axis(24), road(), {"swap": stop()})
    found = figures(findings)
    assert found["truck_km"] == pytest.approx(240 * 140 * 365)
    assert found["tunnel_km"] == pytest.approx(240 * 7 * 365)
    assert found["haulage"] == pytest.approx(240 * 140 * 31 * 365)
    assert found["consumption"] == pytest.approx(1.4187, rel=1e-4)
    assert found["diesel_avoided"] == pytest.approx(12_175, rel=1e-3)
    assert "below_reserve" not in found
    assert all(zh and en for en, zh in (finding.title for finding in findings))


def test_trucks_a_day_at_each_station() -> None:
    """*Proves:* it counts those that swap, per day. *A wrong answer would be:* per hour."""
    trips = [{**ROAD["trips"][0], "electric": "50 %"}]
    trucks = {"tractor": {"pack": "qiji", "energy": "200 kWh"}}
    way = road(trucks=trucks, trips=trips)
    _, findings = driven(axis(48), way, {"swap": stop(energy=0.2)})
    assert figures(findings)["trucks_to_swap"] == pytest.approx(120)


def test_traffic_scales_and_follows_the_course() -> None:
    """*Proves:* ``traffic`` multiplies, and trucks come when the course says, 1 h after they set
    out. *A wrong answer would be:* a course of the station's own clock.
    """
    day = [0.0] * 24
    day[6] = 5.0
    course = {**ROAD["course"], "workday": day, "weekend": day}
    trucks = {"tractor": {"pack": "qiji", "energy": "200 kWh"}}
    way = road(course=course, trucks=trucks, traffic=2)
    solution, _ = driven(axis(24), way, {"swap": stop(energy=0.2)})
    coming = taken(solution).sum(axis=0)
    assert coming[7] == pytest.approx(480)
    assert coming.sum() == pytest.approx(480)


def test_two_stations_at_a_place_share_its_trucks() -> None:
    """*Proves:* two stations for one family at a place get half each; a third for another family
    gets its own trucks. *A wrong answer would be:* all trucks twice.
    """
    trucks = {
        "tractor": {"pack": "qiji", "energy": "200 kWh"},
        "other": {"pack": "qiyuan", "energy": "200 kWh"},
    }
    trips = [*ROAD["trips"], {**ROAD["trips"][0], "truck": "other", "trucks": 24}]
    way = road(trucks=trucks, trips=trips, stations={"a": "mid", "b": "mid", "c": "mid"})
    stations = {"a": stop(energy=0.2), "b": stop(energy=0.2), "c": stop("qiyuan", energy=0.2)}
    solution, _ = driven(axis(24), way, stations)
    assert taken(solution, "a").sum() == pytest.approx(120)
    assert taken(solution, "b").sum() == pytest.approx(120)
    assert taken(solution, "c", "qiyuan").sum() == pytest.approx(24)


def test_the_port_lies_in_the_valley() -> None:
    """*Proves:* heights of places make the grade: 490 m over 2 × 70 km up take 49 000·9.81·490 /
    0.88 = 74.3 kWh more in one direction, and it matters which one. *A wrong answer would be:* a
    flat road.
    """
    places = {**ROAD["places"], "mid": {"altitude": "245 m"}, "city": {"altitude": "490 m"}}
    back = [{**ROAD["trips"][0], "from": "city", "to": "port"}]
    trucks = {"tractor": {**ROAD["trucks"]["tractor"], "drag": "0.000001 m2"}}
    flat, up, down = (
        figures(driven(axis(24), road(trucks=trucks, **words), {"swap": stop()})[1])
        for words in ({}, {"places": places}, {"places": places, "trips": back})
    )
    more = 49e3 * 9.81 * 490 / 0.88 / 3.6e6 / 140
    assert up["consumption"] - flat["consumption"] == pytest.approx(more, rel=1e-3)
    assert down["consumption"] - flat["consumption"] == pytest.approx(-more, rel=1e-3)


def test_one_column_for_a_station() -> None:
    """*Proves:* a road adds one flow per station and family, whatever the classes, and no rule.
    *A wrong answer would be:* a column for each class.
    """
    solution, _ = driven(axis(24), road(), {"swap": stop()})
    assert [flow.name for flow in solution.network.flows if flow.who == "road"] == ["road.swap"]


def test_winter_brings_more_trucks_to_swap() -> None:
    """*Proves:* with a site, the hours below −10 °C draw a fifth more, and packs of 282 kWh, which
    last in mild weather (24.6 % left), are swapped then (10.5 %). *A wrong answer would be:* one
    policy for all the year.
    """
    time = axis(48)
    zeros = np.zeros(48)
    cold = np.where(np.arange(48) < 24, 20.0, -10.0)
    weather = Weather(zeros, zeros, zeros, cold, zeros, np.full(48, 1e5))
    site = Site("ridge", 29.0, 107.0, 400.0, "Asia/Shanghai", time, weather)
    trucks = {"tractor": {"pack": "qiji", "energy": "282 kWh"}}
    way = road(trucks=trucks, site="ridge")
    assert way.needs_weather
    solution, findings = driven(time, way, {"swap": stop(energy=0.282)}, site)
    coming = taken(solution).sum(axis=0)
    assert coming[1:25] == pytest.approx(0.0, abs=1e-9)
    assert coming[25:] == pytest.approx(10.0)
    assert figures(findings)["consumption"] == pytest.approx(1.4187 * 1.1, rel=1e-4)


def test_cold_beyond_the_range_is_told_not_refused() -> None:
    """*Proves:* weather makes no plant impossible: at −30 °C (a third more) the way from the
    station is too long, the trucks come in below their reserve, and a finding says how many. *A
    wrong answer would be:* no plan, or silence.
    """
    time = axis(24)
    zeros, cold = np.zeros(24), np.full(24, -30.0)
    weather = Weather(zeros, zeros, zeros, cold, zeros, np.full(24, 1e5))
    site = Site("ridge", 29.0, 107.0, 400.0, "Asia/Shanghai", time, weather)
    trucks = {"tractor": {"pack": "qiji", "energy": "140 kWh"}}
    way = road(trucks=trucks, site="ridge")
    assert not [*problems(way, {"swap": stop(energy=0.14)})]
    _, findings = driven(time, way, {"swap": stop(energy=0.14)}, site)
    assert figures(findings)["below_reserve"] == pytest.approx(1.0)


def test_a_road_without_stations_is_a_road_to_be_planned() -> None:
    """*Proves:* nothing is declared and nothing is wrong; 'zeroplant siting' reads such a plant."""
    way = road(stations={})
    assert not [*problems(way, {})]
    net = Network(axis(24))
    way.describe(Scope(net, "road"), None)
    assert not net.flows


# ------------------------------------------------------------------------- what is refused


def test_a_road_that_fits_is_not_blamed() -> None:
    """*Proves:* the road of these tests has no problem with its station."""
    assert not [*problems(road(), {"swap": stop()})]


@pytest.mark.parametrize(
    ("words", "station", "message"),
    [
        ({}, None, r"there is no asset 'swap'; declare one of kind: swap_station"),
        ({}, stop("qiyuan"), r"no truck on the road takes a pack of the station 'swap'; its packs"),
        ({}, stop(energy=0.35), r"'energy' 423 kWh of the pack 'qiji', and the station 'swap' "
         r"says 'energy' 350 kWh; write the same"),
        ({}, stop(soc_max=0.9), r"'full' 0.95 of the pack 'qiji', and .* 'soc_max' 0.9"),
        ({}, stop(trucks=3.0), r"'swap' says itself how many trucks come for 'qiji'; leave out"),
    ],
)  # fmt: skip
def test_stations_that_do_not_fit(words: Any, station: Stop | None, message: str) -> None:
    """*Proves:* a station that is none, a family nobody drives, packs that are not the same on
    both sides, and trucks counted twice are each told with what to write.
    """
    stations: dict[str, Asset] = {} if station is None else {"swap": station}
    (problem,) = problems(road(**words), stations)
    assert re.search(message, str(problem))


def test_a_gap_in_the_road_is_named() -> None:
    """*Proves:* 2 × 180 km with a 282 kWh pack (225.6 usable) from one end break after the first
    180 km (255 kWh). The way and the station are in the message. *A wrong answer would be:*
    "infeasible".
    """
    segments = [{**each, "length": "180 km"} for each in ROAD["segments"]]
    trucks = {"tractor": {"pack": "qiji", "energy": "282 kWh"}}
    way = road(segments=segments, trucks=trucks)
    (problem,) = problems(way, {"swap": stop(energy=0.282)})
    assert str(problem) == (
        "the way of 'tractor' from 'port' to 'city' cannot be driven from 'port' to 'mid'; "
        "add a station between, or leave out 'stations' and run 'zeroplant siting'"
    )


def test_a_round_trip_needs_a_station_on_its_way() -> None:
    """*Proves:* a station beside the way does not serve it, and where one could stand is said."""
    places = {**ROAD["places"], "mine": {}}
    segments = [*ROAD["segments"], {"from": "mid", "to": "mine", "length": "10 km"}]
    trips = [{"from": "port", "to": "city", "truck": "tractor", "trucks": 9}]
    way = road(places=places, segments=segments, trips=trips, stations={"swap": "mine"})
    (problem,) = problems(way, {"swap": stop()})
    assert "no station has packs 'qiji'; put one at port or mid or city" in str(problem)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"stations": {"swap": "midd"}}, "the road has no place 'midd'; did you mean 'mid'?"),
        ({"segments": [{"from": "port", "to": "mid", "length": "7 km"}]}, "no road leads from"),
        (
            {"segments": [*ROAD["segments"], {"from": "mid", "to": "mid", "length": "7 km"}]},
            "the segment from 'mid' to 'mid' joins no two places",
        ),
        ({"trips": [{**ROAD["trips"][0], "truck": "van"}]}, "the road has no truck class 'van'"),
        ({"trips": [{**ROAD["trips"][0], "to": "port"}]}, "begin and end at 'port'"),
        ({"segments": [{**ROAD["segments"][0], "length": "70"}]}, "70"),
        ({"segments": [{**ROAD["segments"][0], "tunnels": "90 km"}]}, "longer than the segment"),
        ({"segments": [{**ROAD["segments"][0], "altitudes": ["5 m"]}]}, "fewer than two heights"),
        (
            {"places": {**ROAD["places"], "mid": {"altitude": "90 km"}}},
            "rises by 129 %; check its length",
        ),
        (
            {"trucks": {"tractor": {"pack": "q", "energy": "1 MWh", "loaded": "9 t"}}},
            "is less than 'empty'",
        ),
        (
            {"trucks": {"tractor": {"pack": "q", "energy": "1 MWh", "reserve": "95 %"}}},
            "is not below 'full'",
        ),
        ({"course": {"workday": [1, 2]}}, "holds 2 figures, not 24"),
        ({"course": {"weekdays": [0] * 7}}, "nothing but zeros"),
        ({"stationz": {}}, "stationz"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], message: str) -> None:
    """*Proves:* what cannot be is refused when it is read, with what to write instead."""
    with pytest.raises(ValidationError, match=message.replace("?", r"\?")):
        road(**words)


def test_a_plant_from_python_is_told_too() -> None:
    """*Proves:* a round trip without its packs is an input error also where no file was checked."""
    trips = [{"from": "port", "to": "city", "truck": "tractor", "trucks": 9}]
    with pytest.raises(InputError, match="no station has packs 'qiji'; put a swap station there"):
        driven(axis(24), road(trips=trips), {"swap": stop("qiyuan")})
