"""The graph of a road: the shortest way, what it takes both ways, and tours."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transport.roads import SPEED, line, tour_on
from zeroplant.errors import InputError
from zeroplant.transport.road import Roads, Segment
from zeroplant.transport.tour import tour
from zeroplant.transport.truck import Truck, drive


def test_the_quickest_way_is_taken() -> None:
    """*Proves:* 100 km at 80 km/h beat 90 km at 50 km/h, and of two parallel segments the quicker
    one is driven. *A wrong answer would be:* the shortest way, or the sum of both segments.
    """
    slow, quick = 50 / 3.6, 80 / 3.6
    segments = [
        Segment("a", "c", 90e3, slow),
        Segment("a", "b", 50e3, quick),
        Segment("b", "c", 50e3, quick),
        Segment("b", "c", 70e3, quick),
    ]
    route = Roads(["a", "b", "c"], segments).route("a", "c")
    assert route.places == ("a", "b", "c")
    assert route.length == 100e3


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), size=st.integers(3, 9))
def test_as_quick_as_networkx_finds(seed: int, size: int) -> None:
    """*Proves:* on random roads the time is that of an independent shortest-path program."""
    random = np.random.default_rng(seed)
    pairs = [(a, b) for a in range(size) for b in range(a) if random.random() < 0.6]
    segments = [
        Segment(f"p{a}", f"p{b}", random.uniform(1e3, 9e4), random.uniform(8, 25)) for a, b in pairs
    ]
    roads = Roads([f"p{n}" for n in range(size)], segments)
    graph = networkx.Graph()
    graph.add_nodes_from(roads.places)
    graph.add_weighted_edges_from((s.start, s.end, s.hours) for s in segments)
    try:
        wanted = networkx.shortest_path_length(graph, "p0", "p1", weight="weight")
    except networkx.NetworkXNoPath:
        with pytest.raises(InputError, match="no road leads from 'p0' to 'p1'"):
            roads.route("p0", "p1")
        return
    route = roads.route("p0", "p1")
    assert sum(leg.segment.hours for leg in route.legs) == pytest.approx(wanted)
    assert route.back.places == route.places[::-1]


def test_segments_must_join_places() -> None:
    """*Proves:* a segment to nowhere is named."""
    with pytest.raises(InputError, match="from 'a' to 'x' joins no two places"):
        Roads(["a", "b"], [Segment("a", "x", 1e3, SPEED)])


def test_a_pass_is_climbed_from_both_sides() -> None:
    """*Proves:* over 30 km up 600 m and 30 km down 300 m, the way back climbs 300 and descends
    600: each direction is the sum of its own two slopes. *A wrong answer would be:* the mean
    grade of ±0.5 %, without the pass.
    """
    segment = Segment("a", "b", 60e3, SPEED, (200.0, 800.0, 500.0))
    route = Roads(["a", "b"], [segment]).route("a", "b")
    truck = Truck()

    def slope(rise: float, altitude: float) -> float:
        sine = rise / 30e3
        grade = sine / np.sqrt(1 - sine**2)
        return float(drive(truck, 49, 30e3, grade=grade, speed=SPEED, altitude=altitude).drawn)

    forth = route.legs[0].drive(truck, 49.0)
    back = route.back.legs[0].drive(truck, 49.0)
    assert forth.drawn == pytest.approx([slope(600, 500), slope(-300, 650)])
    assert back.drawn == pytest.approx([slope(300, 650), slope(-600, 500)])


def test_a_tour_goes_and_comes_back() -> None:
    """*Proves:* loaded there and empty back over 2 × 100 km: 142 + 84 kWh on the flat, 200 km,
    31 t over 100 km, and at 70 km/h with 2 h at the far end it takes 4.86 h. *A wrong answer
    would be:* a load on the way back, or the wait before the arrival.
    """
    there_and_back = tour_on(line(3, 50e3), 0, 2, turnaround=2.0)
    assert there_and_back.places == ("p0", "p1", "p2", "p1", "p0")
    assert there_and_back.drawn.sum() == pytest.approx(0.14187 + 0.08427, rel=1e-4)
    assert there_and_back.length == 200e3
    assert there_and_back.haulage == pytest.approx(31 * 100e3)
    times = np.array([0, 50, 100, 150, 200]) / 70 + np.array([0, 0, 0, 2, 2])
    assert there_and_back.hours == pytest.approx(times)


def test_stretches_know_their_peaks() -> None:
    """*Proves:* a stretch that draws 3, recovers 2 and draws 4 takes 5 in all, 5 at most from its
    beginning, 5 to its end, and 5 between two points; backwards (4, −2, 3) the same net but
    never more than 5; recovering first (−2, 4, −1): net 1, drawdown 4. *A wrong answer would
    be:* a range told by net energy alone.
    """
    roads = line(4, 1e3)
    base = tour_on(roads, 0, 3, ring=False)

    def stretch(*net: float) -> tuple[float, ...]:
        parts = np.array(net)
        words = {**vars(base), "drawn": np.maximum(parts, 0), "recovered": np.maximum(-parts, 0)}
        found = type(base)(**words).stretch(0, 3, np.ones(1))
        return found.net[0], found.peak[0], found.tail[0], found.drawdown[0]

    assert stretch(3, -2, 4) == (5, 5, 5, 5)
    assert stretch(-2, 4, -1) == (1, 2, 3, 4)
    assert stretch(4, -3, 1) == (2, 4, 2, 4)


def test_a_stretch_of_a_ring_passes_its_beginning() -> None:
    """*Proves:* from the last place before home to the first after it is two legs; from a place
    to itself is the whole round. *A wrong answer would be:* a negative stretch.
    """
    ring = tour_on(line(3, 50e3), 0, 2)
    ones = np.ones(1)
    whole = ring.drawn.sum()
    assert ring.stretch(1, 1, ones).net == pytest.approx(whole)
    legs = ring.drawn  # one piece each
    assert ring.stretch(3, 1, ones).net == pytest.approx(legs[3] + legs[0])


def test_winter_raises_what_is_drawn_not_what_is_recovered() -> None:
    """*Proves:* with a factor of 1.2 the net is 1.2·drawn − recovered."""
    segment = Segment("a", "b", 60e3, SPEED, (1400.0, 200.0))
    route = Roads(["a", "b"], [segment]).route("a", "b")
    way = tour(route, Truck(), 18.0, ring=False)
    net = way.stretch(0, 1, np.array([1.0, 1.2])).net
    drawn, recovered = way.drawn.sum(), way.recovered.sum()
    assert recovered > 0
    assert net == pytest.approx([drawn - recovered, 1.2 * drawn - recovered])
