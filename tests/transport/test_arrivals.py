"""Where trucks swap and when they come: by hand, and what is never lost."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assets.small import axis
from tests.shared import shared_data
from tests.transport.roads import SPEED, line, tour_on
from zeroplant.axis import Axis
from zeroplant.transport.arrivals import Pack, Swaps, arrivals, cold_factors, later, swaps
from zeroplant.transport.packs import PackClasses
from zeroplant.transport.reach import Path, drivable
from zeroplant.transport.road import Roads, Segment
from zeroplant.transport.stream import Stream
from zeroplant.transport.tour import Tour, tour
from zeroplant.transport.traffic import Shape
from zeroplant.transport.truck import Truck

CLASSES = PackClasses(5, 0.15, 0.95)


def hilly(seed: int, places: int) -> Tour:
    """A tour on a random road with hills, or on the flat."""
    random = np.random.default_rng(seed)
    high = 900.0 if random.random() < 0.7 else 0.0
    names = [f"p{number}" for number in range(places)]
    segments = [
        Segment(a, b, random.uniform(5e3, 6e4), SPEED, tuple(random.uniform(0, high, 4)))
        for a, b in pairwise(names)
    ]
    route = Roads(names, segments).route(names[0], names[-1])
    ring = bool(random.random() < 0.7)
    return tour(route, Truck(), 18.0, cargo=31.0 * random.random(), ring=ring)


def test_one_way_by_hand() -> None:
    """*Proves:* 3 × 100 km with 49 t take 141.9 kWh each. A 423 kWh pack (338.4 usable) passes
    the first station (283.7 for 200 km), comes to the second with 0.95 − 283.7/423 = 27.9 %,
    which does not reach the end (141.9 more), and swaps there. *A wrong answer would be:* a swap
    at every station, or none.
    """
    way = tour_on(line(4, 100e3), 0, 3, ring=False)
    done = swaps(way, way.stops({"p1", "p2"}), Pack(0.423))
    assert done.swapped[0, 0].tolist() == [False, True]
    leg = 0.1418702
    assert done.charge[0, 0] == pytest.approx(0.95 - np.array([1, 2]) * leg / 0.423, rel=1e-5)
    assert done.taken == pytest.approx(2 * leg, rel=1e-5)
    assert done.change == pytest.approx(-leg, rel=1e-5)


def test_a_station_further_on_decides() -> None:
    """*Proves:* without the second station the truck swaps at the first, though it is 61 % full,
    for the end is 200 km away and 61 % hold 195 kWh. *A wrong answer would be:* to run dry.
    """
    way = tour_on(line(4, 100e3), 0, 3, ring=False)
    done = swaps(way, way.stops({"p1"}), Pack(0.423))
    assert done.number.tolist() == [[1.0]]
    assert not done.short.any()


def test_short_rounds_swap_once_in_several() -> None:
    """*Proves:* a round of 2 × 30 km takes 67.8 kWh; a pack of 338.4 usable lasts 4 rounds (of
    4.99), so there is a quarter of a swap in a round, at 271 kWh each. *A wrong answer would be:*
    a swap in every round, or 1/4.99.
    """
    ring = tour_on(line(2, 30e3), 0, 1)
    done = swaps(ring, ring.stops({"p0"}), Pack(0.423))
    assert done.number == pytest.approx(0.25, rel=1e-9)
    used = ring.drawn.sum()
    assert done.charge[done.swapped] == pytest.approx(0.95 - 4 * used / 0.423)
    assert done.taken == pytest.approx(used)


def test_the_station_at_the_far_end_is_one_stop() -> None:
    """*Proves:* the place where the truck turns is passed once in a round. *A wrong answer would
    be:* two visits, one for each direction.
    """
    ring = tour_on(line(3, 90e3), 0, 2)
    assert ring.stops({"p2"}) == [2]
    assert ring.stops({"p0"}) == [0]
    assert ring.stops({"p1"}) == [1, 3]


def test_in_the_cold_trucks_swap_sooner() -> None:
    """*Proves:* 230 km with 49 t take 326 kWh in mild weather and 392 at −10 °C, more than the
    338 usable, so then the station half-way is needed. *A wrong answer would be:* the same policy
    all the year.
    """
    way = tour_on(line(3, 115e3), 0, 2, ring=False)
    done = swaps(way, way.stops({"p1"}), Pack(0.423), [1.0, 1.2])
    assert done.number[:, 0].tolist() == [0.0, 1.0]


def test_a_gap_beyond_the_range_is_told() -> None:
    """*Proves:* 300 km without a station cannot be driven on 338 kWh, and it is told; the 425.6
    kWh that were driven are missing nevertheless. *A wrong answer would be:* a truck that drives
    on for nothing once its pack is empty.
    """
    way = tour_on(line(2, 300e3), 0, 1, ring=False)
    done = swaps(way, [], Pack(0.423))
    assert done.short.all()
    assert done.change == pytest.approx(-3 * 0.1418702, rel=1e-5)
    assert done.consumed == pytest.approx(-done.change)


def test_a_round_trip_needs_a_station() -> None:
    """*Proves:* trucks that never leave the road cannot do without a station."""
    with pytest.raises(ValueError, match="needs a station"):
        swaps(tour_on(line(2, 3e4), 0, 1), [], Pack(0.423))


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6), places=st.integers(2, 7), factor=st.floats(1.0, 1.3))
def test_energy_is_conserved(seed: int, places: int, factor: float) -> None:
    """*Proves:* what is taken at stations is what was driven and what is more in the truck; in
    rounds without end nothing is. And a swap is seen where energy is taken. *A wrong answer would
    be:* energy from nowhere, such as that of a truck which arrives fuller than it left.
    """
    way = hilly(seed, places)
    random = np.random.default_rng(seed + 1)
    names = [name for name in way.places if random.random() < 0.6] or [way.places[0]]
    pack = Pack(random.uniform(0.15, 0.6))
    done = swaps(way, way.stops(set(names)), pack, [1.0, factor])
    assert done.taken == pytest.approx(done.consumed + done.change, abs=1e-9)
    fine = PackClasses(81, 0.0, 0.95)
    left = sum(
        (done.table(stop, fine) * (pack.full - fine.levels)).sum(axis=1) * pack.energy
        for stop in range(len(done.stops))
    )
    left = left + sum(pack.energy * done.lacking(n, fine) for n in range(len(done.stops)))
    assert left == pytest.approx(done.taken, abs=1e-6)
    if way.ring:
        assert done.change == pytest.approx(0.0, abs=1e-12)
        if not done.short.any() and way.recovered.sum() == 0:
            wanted = np.array([1.0, factor]) * way.drawn.sum()
            assert done.consumed == pytest.approx(wanted, rel=1e-9)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6), places=st.integers(2, 7))
def test_the_driver_gets_through_where_anyone_could(seed: int, places: int) -> None:
    """*Proves:* the driver's rule runs short on exactly the roads which the arc-cover rule of the
    siting calls undrivable. *A wrong answer would be:* sites that strand the trucks they serve.
    """
    way = hilly(seed, places)
    random = np.random.default_rng(seed + 2)
    names = {name for name in way.places if random.random() < 0.5}
    pack = Pack(random.uniform(0.1, 0.5))
    if way.ring and not names:
        return
    done = swaps(way, way.stops(names), pack)
    assert bool(done.short.any()) is not drivable(Path("way", way, pack), names)


def stream(time: Axis, way: Tour, rate: np.ndarray, **words: float) -> Stream:
    """Trucks of one class on a tour."""
    factors, cold = cold_factors(None, time.stages)
    path = Path("way", way, Pack(words.get("energy", 0.423)))
    return Stream(path, "qiji", rate, factors, cold)


def test_travel_time_moves_the_arrivals() -> None:
    """*Proves:* 100 trucks of hour 3 that reach a station after 1.4286 h come to 57.14 % in hour
    4 and to 42.86 % in hour 5. *A wrong answer would be:* all in hour 4, or some lost.
    """
    time = axis(24)
    way = tour_on(line(3, 100e3), 0, 2, ring=False)
    rate = np.where(np.arange(24) == 3, 100.0, 0.0)
    packs = stream(time, way, rate, energy=0.282).driven(time, {"p1"}).at("p1", CLASSES)
    coming = packs.sum(axis=0)
    assert coming[4:6] == pytest.approx([100 * (1 - 3 / 7), 100 * 3 / 7], rel=1e-6)
    assert coming.sum() == pytest.approx(100)


def test_packs_by_class_keep_their_energy() -> None:
    """*Proves:* a pack that comes with 27.9 % lies between 15 and 35 %: 35.4 % of it count as the
    lower class, 64.6 % as the higher, and their mean is its own charge. *A wrong answer would
    be:* the nearest class, 7 % more energy than there is.
    """
    time = axis(24)
    way = tour_on(line(4, 100e3), 0, 3, ring=False)
    packs = stream(time, way, np.ones(24)).driven(time, {"p1", "p2"}).at("p2", CLASSES)
    shares = packs[:, 0]
    assert shares @ CLASSES.levels == pytest.approx(0.95 - 0.2837404 / 0.423, rel=1e-5)
    assert np.count_nonzero(shares) == 2


@given(hours=st.floats(0, 60), step=st.sampled_from([0.25, 1.0, 3.0]))
def test_no_truck_is_lost_on_the_way(hours: float, step: float) -> None:
    """*Proves:* whatever the time on the way, each chain keeps its trucks, also round its end."""
    time = axis(24, step, weights=(0.25, 0.75))
    rate = np.random.default_rng(7).random((3, time.stages))
    moved = later(time, rate, hours)
    for chain in (slice(0, 24), slice(24, 48)):
        assert moved[:, chain].sum(axis=1) == pytest.approx(rate[:, chain].sum(axis=1))


def test_every_truck_comes_once() -> None:
    """*Proves:* over a year with winters and a course, the trucks that swap at the only station
    of a one-way road are those that set out. *A wrong answer would be:* some twice.
    """
    time = axis(8760)
    way = tour_on(line(3, 110e3), 0, 2, ring=False)
    cold = np.linspace(-12, 30, 8760)
    factors, index = cold_factors(cold, 8760)
    done = swaps(way, way.stops({"p1"}), Pack(0.282), factors)
    rate = 5.0 * Shape().on(time)
    packs = arrivals(time, rate, index, done.table(0, CLASSES), float(way.hours[1]))
    assert packs.sum() == pytest.approx(rate.sum())
    assert packs.min() >= 0


def test_winter_goes_in_steps_of_a_hundredth() -> None:
    """*Proves:* the factor of each hour is rounded up to 1 %, never below what is drawn."""
    factors, index = cold_factors(np.array([15.0, 14.9, -10.0, 40.0]), 4)
    assert factors[index] == pytest.approx([1.0, 1.01, 1.2, 1.0])
    assert cold_factors(None, 3)[1].tolist() == [0, 0, 0]


def test_a_usual_week_has_the_mean_of_one() -> None:
    """*Proves:* trucks per day are those of a mean day of a usual week, by quarter-hours too, and
    a festival leaves 73 %. *A wrong answer would be:* fewer trucks on shorter steps.
    """
    for step, periods in ((1.0, 168), (0.25, 672), (24.0, 7)):
        week = Shape().on(axis(periods, step, start="2025-03-10"))
        assert week.mean() == pytest.approx(1.0)
    usual = Shape().on(axis(24, start="2025-09-24"))
    festival = Shape().on(axis(24, start="2025-10-01"))  # both Wednesdays
    assert festival == pytest.approx(0.73 * usual)


def test_course_of_an_expressway() -> None:
    """*Proves:* the default course is that of Interstate 94: over all counted hours it explains
    the volume with r ≥ 0.95 (0.964), and holidays have 73 % of usual days. *A wrong answer would
    be:* a course an hour late (0.888), for stamps are the starts of their hours.
    """
    file = shared_data("traffic_i94") / "i94_hourly_2012_2018.parquet"
    counted = pl.read_parquet(file).with_columns(
        day=pl.col("time_local").dt.date(),
        hour=pl.col("time_local").dt.hour(),
        weekday=pl.col("time_local").dt.weekday() - 1,
        rest=(pl.col("holiday").cast(pl.String) != "None")
        .any()
        .over(pl.col("time_local").dt.date()),
    )
    usual = counted.filter(~pl.col("rest"))
    week = Shape().on(axis(168, start="2025-03-10")).reshape(7, 24)
    weekday, hour = usual["weekday"].to_numpy(), usual["hour"].to_numpy()
    volume = usual["vehicles_per_h"].to_numpy()
    right = np.corrcoef(volume, week[weekday, hour])[0, 1]
    late = np.corrcoef(volume, week[weekday, (hour - 1) % 24])[0, 1]
    assert right >= 0.95
    assert late < 0.90
    quiet = counted.filter("rest")
    mean = usual.group_by("weekday", "hour").agg(usually=pl.col("vehicles_per_h").mean())
    both = quiet.join(mean, on=["weekday", "hour"])
    share = both["vehicles_per_h"].sum() / both["usually"].sum()
    assert Shape().holidays == pytest.approx(share, abs=0.01)


def test_tables_are_of_the_stop_that_is_asked() -> None:
    """*Proves:* stops do not mix: of two stations only the second is swapped at."""
    way = tour_on(line(4, 100e3), 0, 3, ring=False)
    done: Swaps = swaps(way, way.stops({"p1", "p2"}), Pack(0.423), [1.0, 1.0])
    assert done.table(0, CLASSES).sum() == 0
    assert done.table(1, CLASSES).sum(axis=1) == pytest.approx([1.0, 1.0])
