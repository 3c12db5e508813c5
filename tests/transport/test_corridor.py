"""Trucks along several swap stations."""

from __future__ import annotations

import numpy as np
import pytest

from zeroplant.transport.corridor import Fleet, PackKind, SwapPlace, run_corridor
from zeroplant.transport.station import poisson_arrivals, run_station
from zeroplant.transport.station_report import served_at

TRUCK = PackKind(energy=0.282)


def tours(times: np.ndarray, stations: list[int], drive: float, used: float) -> Fleet:
    """Every truck makes the same stops; it sets out full, an hour from the first one."""
    trucks, stops = len(times), len(stations)
    return Fleet(
        start=times, charge=np.full(trucks, 0.95), first=np.arange(trucks + 1) * stops,
        station=np.tile(stations, trucks), drive=np.full(trucks * stops, drive),
        used=np.full(trucks * stops, used),
    )  # fmt: skip


def test_a_late_truck_is_late_at_the_next_station() -> None:
    """*Proves:* two trucks an instant apart; the second waits 0.5 h for the only lane and comes
    to the next station 0.5 h later, with what the swap left less the way. *A wrong answer would
    be:* both at the next station at once.
    """
    place = SwapPlace(np.full(4, 0.95), lane_time=0.5, swap_time=0.1)
    fleet = tours(np.array([0.0, 0.0]), [0, 1], drive=1.0, used=0.6)
    visits = run_corridor([place, place], fleet, kinds=[TRUCK], periods=5)
    assert np.allclose(visits.begin.reshape(2, 2), [[1.0, 2.1], [1.5, 2.6]])
    assert np.allclose(visits.arrival.reshape(2, 2), [[1.0, 2.1], [1.0, 2.6]])
    assert np.allclose(visits.soc_in, 0.35)


def test_one_station_is_a_corridor_of_one() -> None:
    """*Proves:* the stations of a corridor are those of the single simulation: a road with one
    stop gives its times to the last digit.
    """
    times = poisson_arrivals(np.full(200, 5.0), 1.0, np.random.default_rng(2))
    place = SwapPlace(np.full(10, 0.95))
    alone = run_station(place, times + 1.0, np.full(len(times), 0.25), kinds=[TRUCK], periods=210)
    road = run_corridor([place], tours(times, [0], 1.0, 0.7), kinds=[TRUCK], periods=210)
    assert np.allclose(alone.begin, road.begin, rtol=0, atol=1e-9)


def test_energy_along_the_road() -> None:
    """*Proves:* over a corridor there and back, what stations charge less losses is what trucks
    used plus what is left in racks and trucks. *A wrong answer would be:* packs that gain or lose
    charge on their way through racks and trucks.
    """
    times = poisson_arrivals(np.full(48, 3.0), 1.0, np.random.default_rng(4))
    fleet = tours(times, [0, 1, 2, 1, 0], drive=1.5, used=0.5)
    places = [SwapPlace(np.full(9, 0.95)) for _ in range(3)]
    visits = run_corridor(places, fleet, kinds=[TRUCK], periods=72)
    assert visits.served.all()
    racks = visits.charge_end.sum() - 27 * 0.95
    trucks = (visits.soc_out - visits.soc_in).sum()
    assert 0.95 * visits.charged.sum() == pytest.approx(0.282 * (racks + trucks), abs=1e-8)
    assert visits.cycles.sum() == pytest.approx(0.95 * visits.charged.sum() / 0.282, abs=1e-8)


def test_service_of_each_station() -> None:
    """*Proves:* the station with one pack too few is the one whose trucks wait."""
    times = np.arange(40) * 0.5
    fleet = tours(times, [0, 1], drive=1.0, used=0.6)
    rich, poor = SwapPlace(np.full(8, 0.95)), SwapPlace(np.full(1, 0.95))
    visits = run_corridor([rich, poor], fleet, kinds=[TRUCK], periods=80)
    first, second = served_at(visits, 0), served_at(visits, 1)
    assert first is not None
    assert second is not None
    assert first.prompt == 1.0
    assert first.p95 == pytest.approx(0.0, abs=1e-9)
    assert second.prompt < 0.1
    assert second.p95 > 1.0
