"""Where stations must stand, and what they need: by hand, by brute force, by simulation."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assets.small import axis
from tests.transport.roads import SPEED, line, tour_on
from zeroplant.errors import InputError
from zeroplant.transport.arrivals import Pack, cold_factors, swaps
from zeroplant.transport.layout import layout
from zeroplant.transport.reach import Path, arcs, gap
from zeroplant.transport.road import Roads, Segment
from zeroplant.transport.siting import fewest, most
from zeroplant.transport.sizing import Equipment, offered, size_station, waiting
from zeroplant.transport.stream import Stream
from zeroplant.transport.tour import tour
from zeroplant.transport.truck import Truck

# --------------------------------------------------------------------------------- by hand


def corridor() -> Path:
    """480 km in 40 km steps, one way with a full pack at its start: 56.75 kWh a step."""
    return Path("the long way", tour_on(line(13, 40e3), 0, 12, ring=False), Pack(0.423))


def test_a_corridor_by_hand() -> None:
    """*Proves:* 338.4 kWh reach 5 steps (283.7) and not 6 (340.5), so a truck that starts full
    needs stations no more than 5 steps apart: p3…p5 first, and two of them for 12 steps. *A wrong
    answer would be:* one at p6, or three.
    """
    path = corridor()
    names = [f"p{number}" for number in range(13)]
    found = fewest([path], dict.fromkeys(names, 1.0))
    assert found.cost == 2
    places = [int(name[1:]) for name in found.places]
    assert np.diff([0, *places, 12]).max() <= 5
    assert arcs(path, names)[0] == {"p1", "p2", "p3", "p4", "p5"}


def test_dear_places_are_passed_by() -> None:
    """*Proves:* two stations a < b for 12 steps need a ≤ 5, b ≥ 7, b − a ≤ 5; where p4, p5, p9 and
    p10 are dear that leaves (2, 7), (3, 7) and (3, 8). If p7 and p8 are dear too, three stations
    at 1 each beat two of which one costs 10. *A wrong answer would be:* the fewest at any price.
    """
    dear = {f"p{number}": 10.0 if number in (4, 5, 9, 10) else 1.0 for number in range(13)}
    found = fewest([corridor()], dear)
    assert found.cost == 2
    assert found.places in (("p2", "p7"), ("p3", "p7"), ("p3", "p8"))
    dear |= {"p7": 10.0, "p8": 10.0, "p9": 1.0}
    assert fewest([corridor()], dear).cost == 3


def test_free_places_are_not_all_taken() -> None:
    """*Proves:* of stations that cost nothing the fewest are taken. *A wrong answer would be:* all
    of them.
    """
    names = [f"p{number}" for number in range(13)]
    assert len(fewest([corridor()], dict.fromkeys(names, 0.0)).places) == 2


def test_the_way_back_counts() -> None:
    """*Proves:* on 2 × 240 km a round takes 340.5 + 202.3 = 542.7 kWh, with a station at the far
    end alone 542.7 > 338.4 lie between two visits: in the middle there is a visit each way. *A
    wrong answer would be:* the far end, from which 240 km are in reach one way.
    """
    path = Path("there and back", tour_on(line(7, 40e3), 0, 6), Pack(0.423))
    names = [f"p{number}" for number in range(7)]
    assert fewest([path], dict.fromkeys(names, 1.0)).places == ("p3",)
    broken = gap(path, {"p6"})
    assert broken is not None
    assert (broken.before, broken.after) == ("p6", "p6")


def test_a_gap_says_between_which_stations() -> None:
    """*Proves:* between the stations p2 and p9 lie 7 steps; the pack is at its reserve in the
    sixth. *A wrong answer would be:* "infeasible".
    """
    found = gap(corridor(), {"p2", "p9"})
    assert str(found) == "from 'p2' to 'p9': the pack is at its reserve between 'p7' and 'p8'"
    assert gap(corridor(), {"p4", "p8"}) is None
    end = gap(corridor(), {"p4"})
    assert end is not None
    assert (end.before, end.after) == ("p4", "p12")


def test_what_no_candidate_can_do_is_named() -> None:
    """*Proves:* a hole in the candidates is named with its way and place."""
    with pytest.raises(InputError, match="the long way cannot be driven, whatever is built: from"):
        fewest([corridor()], {"p1": 1.0, "p9": 1.0, "p11": 1.0})


def test_few_stations_serve_the_busiest_way() -> None:
    """*Proves:* 3 steps of 60 km (255 kWh) are in reach and 4 (340 kWh) are not, so p3 alone
    serves the 10 trucks from p0 to p6 and p5 alone the 90 from p2 to p8: one station stands at
    p5, two at both. *A wrong answer would be:* p4 between them, from which neither arrives.
    """
    roads = line(9, 60e3)
    ways = [tour_on(roads, *ends, ring=False) for ends in ((0, 6), (2, 8))]
    paths = [
        Path(name, way, Pack(0.423), trucks)
        for name, way, trucks in zip(("first", "second"), ways, (10.0, 90.0), strict=True)
    ]
    costs = {f"p{number}": 1.0 for number in range(9)}
    one, two = most(paths, costs, 1), most(paths, costs, 2)
    assert (one.places, one.drivable) == (("p5",), (False, True))
    assert (two.places, two.drivable) == (("p3", "p5"), (True, True))
    assert most(paths, {"p1": 1.0}, 1).drivable == (False, False)


# ----------------------------------------------------------------------------- brute force


def random_paths(seed: int) -> tuple[list[Path], dict[str, float]]:
    """A tree of up to 8 places with hills, and up to 4 ways on it."""
    random = np.random.default_rng(seed)
    size = int(random.integers(3, 9))
    names = [f"p{number}" for number in range(size)]
    segments = [
        Segment(
            names[number],
            names[int(random.integers(number))],
            random.uniform(1e4, 9e4),
            SPEED,
            tuple(random.uniform(0, 1200, 3)),
        )
        for number in range(1, size)
    ]
    roads = Roads(names, segments)
    paths = []
    for index in range(int(random.integers(1, 5))):
        start, end = random.choice(size, 2, replace=False)
        route = roads.route(names[start], names[end])
        ring = bool(random.random() < 0.6)
        way = tour(route, Truck(), 18.0, cargo=31.0 * random.random(), ring=ring)
        pack = Pack(random.uniform(0.1, 0.5))
        paths.append(Path(f"way {index}", way, pack, float(random.integers(1, 50))))
    return paths, {name: float(random.integers(1, 9)) for name in names}


def can(path: Path, places: Sequence[str], known: dict[tuple[str, ...], bool]) -> bool:
    """Whether a truck gets through, told by driving, not by the rule of the siting."""
    stops = path.tour.stops(set(places))
    if path.tour.ring and not stops:
        return False
    key = (path.name, *(path.tour.places[stop] for stop in stops))
    if key not in known:
        known[key] = not swaps(path.tour, stops, path.pack).short.any()
    return known[key]


def every_choice(names: Sequence[str]) -> list[tuple[str, ...]]:
    """All sets of places."""
    return list(chain.from_iterable(combinations(names, n) for n in range(len(names) + 1)))


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10**6))
def test_no_choice_is_cheaper(seed: int) -> None:
    """*Proves:* on random hilly roads the cheapest stations cost what the cheapest of all sets
    costs with which trucks, driven one by one, get through; and where none does, it is said. *A
    wrong answer would be:* a set that is dearer, or one that strands a truck.
    """
    paths, costs = random_paths(seed)
    known: dict[tuple[str, ...], bool] = {}
    able = [
        sum(costs[place] for place in places)
        for places in every_choice(list(costs))
        if all(can(path, places, known) for path in paths)
    ]
    if not able:
        with pytest.raises(InputError, match="whatever is built"):
            fewest(paths, costs)
        return
    assert fewest(paths, costs).cost == pytest.approx(min(able))


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6), number=st.integers(1, 3))
def test_no_choice_serves_more(seed: int, number: int) -> None:
    """*Proves:* so many stations serve as many trucks as the best of all such sets. *A wrong
    answer would be:* a greedy one.
    """
    paths, costs = random_paths(seed)
    known: dict[tuple[str, ...], bool] = {}
    best = max(
        sum(path.trucks for path in paths if can(path, places, known))
        for places in every_choice(list(costs))
        if len(places) <= number
    )
    found = most(paths, costs, number)
    served = sum(path.trucks for path, ok in zip(paths, found.drivable, strict=True) if ok)
    assert len(found.places) <= number
    assert served == pytest.approx(best)


# ------------------------------------------------------------------------------- service


def test_erlang_c_by_hand() -> None:
    """*Proves:* two servers and one Erlang: C = 1/3 (Erlang's table), a wait longer than half a
    service time has 1/3·exp(−1·0.5); overloaded, everyone waits. *A wrong answer would be:*
    Erlang B, 1/5.
    """
    found = waiting(np.array([1.0, 2.5]), 2, 2, 0.0, 1.0)
    assert found == pytest.approx([1 / 3, 1.0])
    assert waiting(np.array([1.0]), 2, 2, 0.5, 1.0) == pytest.approx([np.exp(-0.5) / 3])


def test_a_stock_shortens_the_queue() -> None:
    """*Proves:* with one charger at 0.5 Erlang and a stock of 4, a truck waits with the chance
    that 4 or more are on the way: 0.5⁴. *A wrong answer would be:* 0.5⁵, or 0.5.
    """
    assert waiting(np.array([0.5]), 1, 4, 0.0, 1.0) == pytest.approx([0.5**4])


def test_load_is_what_came_within_the_charge() -> None:
    """*Proves:* at 12, 0, 0, 6 trucks an hour and charges of 1.5 h the first hour has 12 of its
    own and half of the last hour's 6. *A wrong answer would be:* rate × time, 18 and then 0.
    """
    loads = offered(np.array([12.0, 0.0, 0.0, 6.0]), 1.5, 1.0)
    assert loads == pytest.approx([15.0, 6.0, 0.0, 6.0])


def simulated(rate: float, chargers: int, packs: int, hours: float, patience: float) -> float:
    """Share of 60 000 Poisson trucks that wait longer than ``patience`` for a pack.

    A truck takes a full pack; then its own is charged in ``hours`` by the first free charger.
    """
    random = np.random.default_rng(3)
    free = [0.0] * chargers
    full = [0.0] * packs
    late, now = 0, 0.0
    trucks = 60_000
    for _ in range(trucks):
        now += random.exponential(1.0 / rate)
        swap = max(now, heapq.heappop(full))
        late += swap - now > patience
        begin = max(swap, heapq.heappop(free))
        heapq.heappush(free, begin + hours)
        heapq.heappush(full, begin + hours)
    return late / trucks


@pytest.mark.parametrize("rate", [1.0, 4.0, 9.0, 20.0])
def test_stations_serve_what_they_promise(rate: float) -> None:
    """*Proves:* with the packs and chargers that are chosen, trucks that come by chance find a
    full pack within ten minutes as often as promised, and with three packs and chargers fewer
    they do not: the choice is safe and not lavish. *A wrong answer would be:* sizes for the mean.
    """
    equipment = Equipment()
    charge = 0.7 * 0.282
    size = size_station(np.full(24, rate), charge, equipment)
    hours = charge / (equipment.charger * equipment.efficiency)
    late = simulated(rate, size.chargers, size.packs, hours, equipment.patience)
    assert late <= 1.0 - equipment.service
    fewer = (max(1, size.chargers - 3), max(1, size.packs - 3))
    assert simulated(rate, *fewer, hours, equipment.patience) > 1.0 - equipment.service


def test_a_pack_of_282_kwh_charges_in_44_minutes() -> None:
    """*Proves:* the figure of domain page §2c: 70 % of 282 kWh at 280 kW are 0.74 h (there with
    an efficiency of 0.95), so 7 chargers give 9.4 packs an hour. *A wrong answer would be:* 1 h.
    """
    hours = 0.7 * 0.282 / (0.28 * 0.95)
    assert hours == pytest.approx(0.74, abs=0.005)
    assert 7 / hours == pytest.approx(9.4, abs=0.1)


def test_a_lane_gives_168_swaps_a_day() -> None:
    """*Proves:* 168 trucks a day in even hours need one lane by number, 169 need two, however
    patient they are (domain page §2c). *A wrong answer would be:* 288 of five minutes each.
    """
    patient = Equipment(patience=10.0)
    assert size_station(np.full(24, 7.0), 0.2, patient).lanes == 1
    assert size_station(np.full(24, 169 / 24), 0.2, patient).lanes == 2


def test_patience_and_power_spare_packs() -> None:
    """*Proves:* stations grow with trucks and shrink with patience and charger power, and kVA
    follow from chargers: 280 kW each and 50 kW over a power factor of 0.95.
    """
    rate = np.full(24, 6.0)
    usual = size_station(rate, 0.2, Equipment())
    assert size_station(2 * rate, 0.2, Equipment()).packs > usual.packs
    assert size_station(rate, 0.2, Equipment(patience=0.5)).cost < usual.cost
    assert size_station(rate, 0.2, Equipment(charger=0.56)).packs < usual.packs
    assert usual.kva == pytest.approx((280 * usual.chargers + 50) / 0.95)
    assert size_station(np.zeros(24), 0.2, Equipment()).packs == 1


def test_stations_of_a_road_are_planned() -> None:
    """*Proves:* 48 trucks a day on 2 × 120 km swap at the half-way station what they draw, 271 kWh
    in a round, in the mean 1.0 times or less, and the station is sized for it. *A wrong answer
    would be:* trucks counted at every pass.
    """
    time = axis(168, start="2025-03-10")
    path = Path("way", tour_on(line(3, 60e3), 0, 2), Pack(0.423))
    factors, cold = cold_factors(None, time.stages)
    stream = Stream(path, "qiji", np.full(time.stages, 2.0), factors, cold)
    (plan,) = layout([stream], time, ["p1"], Equipment())
    used = path.tour.drawn.sum()
    assert plan.per_day * plan.charge == pytest.approx(48 * used, rel=1e-6)
    assert plan.charge <= path.pack.usable
    assert 48 * used / path.pack.usable <= plan.per_day <= 96
    assert plan.size.chargers >= 2 * used / 0.28
