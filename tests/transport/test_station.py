"""One swap station, truck by truck: a case by hand, laws of queues, balances."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import poisson

from zeroplant.axis import Floats
from zeroplant.transport.corridor import PackKind, Schedule, SwapPlace, Visits
from zeroplant.transport.station import poisson_arrivals, run_station
from zeroplant.transport.station_report import served_at

SIMPLE = PackKind(energy=1.0, full=1.0, empty=0.0)
TRUCK = PackKind(energy=0.282)


def by_chance(
    rate: float, hours: int, seed: int, charge: float = 0.25, **words: Any
) -> tuple[SwapPlace, Visits]:
    """A station and trucks that come by chance."""
    packs = words.pop("packs")
    times = poisson_arrivals(np.full(hours, rate), 1.0, np.random.default_rng(seed))
    place = SwapPlace(np.full(packs, 0.95), **words)
    soc = np.full(len(times), charge)
    return place, run_station(place, times, soc, kinds=[TRUCK], periods=hours)


def test_three_trucks_by_hand() -> None:
    """*Proves:* one lane (0.2 h a truck), two full packs, one charger of 1 MW for packs of 1 MWh.
    The trucks come at 0, 0.1 and 0.2 with half-full packs. The second waits for the lane until
    0.2, the third until 0.4 for the lane and until 0.6 for the first truck's pack, which was in
    the rack at 0.1 and took half an hour. The charger ends at 1.6. *A wrong answer would be:* a
    third swap at 0.4 (with a pack that is not full) or at 0.5 (charged while being swapped).
    """
    place = SwapPlace(
        np.ones(2), lane_time=0.2, swap_time=0.1, chargers=1, charger=1.0, efficiency=1.0
    )
    times = np.array([0.0, 0.1, 0.2])
    visits = run_station(place, times, np.full(3, 0.5), kinds=[SIMPLE], periods=2)
    assert np.allclose(visits.begin, [0.0, 0.2, 0.6])
    assert np.allclose(visits.wait, [0.0, 0.1, 0.4])
    assert np.allclose(visits.delay, [0.0, 0.0, 0.2])
    assert visits.prompt.tolist() == [True, True, False]
    assert np.allclose(visits.soc_out, 1.0)
    assert np.allclose(visits.charged, [[0.9, 0.6]])
    assert np.allclose(visits.charge_end, 1.0)
    # The packs of the three trucks were charged by half a cycle each, the first ones not at all.
    assert np.allclose(visits.cycles, [0.0, 0.0, 0.5, 0.5, 0.5])


@pytest.mark.parametrize("use", [0.5, 0.8])
def test_one_lane_is_pollaczek_and_khinchine(use: float) -> None:
    """*Proves:* with packs without end, a lane is an M/D/1 queue: the mean wait is ρ·D/2(1 − ρ)
    within the confidence of 24 runs. *A wrong answer would be:* twice that (M/M/1).
    """
    time = 1 / 7
    runs = [
        by_chance(7 * use, 3000, seed, packs=60, chargers=60, lane_time=time)[1].wait
        for seed in range(24)
    ]
    means = np.array([np.nanmean(wait) for wait in runs])
    wanted = use * time / (2 * (1 - use))
    assert means.mean() == pytest.approx(wanted, abs=4 * means.std(ddof=1) / np.sqrt(24))
    assert means.std(ddof=1) / np.sqrt(24) < 0.02 * wanted


def crommelin(load: float, servers: int, time: float) -> float:
    """Mean wait of M/D/c (Crommelin 1932); ``load`` is how many come in one service.

    Every c-th truck meets a queue of one server, whose mean wait is Σ E[(n·D − A)⁺]/n by Spitzer's
    identity, with A the time until n·c trucks have come.
    """
    turns = np.arange(1, 400)
    mean = turns * load
    reach = poisson.sf(turns * servers - 1, mean), poisson.sf(turns * servers, mean)
    return float(np.sum(time * (reach[0] - servers / load * reach[1])))


def test_two_and_three_lanes_are_crommelin() -> None:
    """*Proves:* several lanes with one line are an M/D/c queue. *A wrong answer would be:* the
    wait of separate lines, more than twice as long.
    """
    time = 1 / 7
    assert crommelin(0.8, 1, time) == pytest.approx(0.8 * time / 0.4, rel=1e-5)
    for lanes in (2, 3):
        runs = [
            by_chance(7 * 0.8 * lanes, 1500, seed, packs=45, chargers=45, lanes=lanes)[1].wait
            for seed in range(24)
        ]
        means = np.array([np.nanmean(wait) for wait in runs])
        error = means.std(ddof=1) / np.sqrt(24)
        assert means.mean() == pytest.approx(crommelin(0.8 * lanes, lanes, time), abs=4 * error)


def test_packs_away_are_palms() -> None:
    """*Proves:* with chargers and lanes without end, the share of trucks that find no full pack
    is the chance that as many trucks came within one charge: Poisson, whatever the charge takes.
    *A wrong answer would be:* an Erlang loss, or a rack that refills within the hour.
    """
    away = 7 * (0.7 * 0.282 / (0.28 * 0.95) + 1 / 12)
    for packs in (12, 13):  # with fewer, the trucks that wait begin to count
        _, visits = by_chance(7.0, 20_000, 3, packs=packs, lanes=9, chargers=60)
        found = 1 - visits.prompt.mean()
        assert found == pytest.approx(float(poisson.sf(packs - 1, away)), rel=0.15)


@pytest.mark.parametrize("order", ["nearest full", "emptiest", "first come"])
def test_energy_and_packs_are_kept(order: Any) -> None:
    """*Proves:* energy in the racks changes by what was charged less losses and what trucks
    carried away, exactly, in any order of charging and where the transformer binds. *A wrong
    answer would be:* a kWh lost at the end of a period or when a charger changes packs.
    """
    place, visits = by_chance(5.0, 500, 5, packs=12, order=order, most=1.0, chargers=4)
    traded = np.where(visits.served, visits.soc_in - visits.soc_out, 0.0).sum()
    change = (visits.charge_end.sum() - place.charge.sum()) * 0.282
    assert change == pytest.approx(0.95 * visits.charged.sum() + 0.282 * traded, abs=1e-7)
    assert len(visits.charge_end) == 12
    assert visits.charged.max() <= 1.0 + 1e-9
    assert np.nanmin(visits.soc_out) == pytest.approx(0.95)


def test_giving_back_counts_losses_both_ways() -> None:
    """*Proves:* a schedule that gives 0.19 MW for an hour takes 0.2 MWh out of the packs, not
    below their window, and leaves full packs full as long as others have energy. *A wrong answer
    would be:* 0.1805 or 0.19 MWh out of them.
    """
    charge = np.array([0.95, 0.95, 0.95])
    stored = 3 * 0.95 * 1.0
    schedule = Schedule(np.array([-0.19]), np.array([stored, stored - 0.2]), np.zeros(2))
    place = SwapPlace(charge, charger=1.0, most_back=1.0, schedule=schedule)
    visits = run_station(place, np.zeros(0), np.zeros(0), kinds=[PackKind(1.0)], periods=1)
    assert visits.given[0, 0] == pytest.approx(0.19, rel=1e-6)
    assert np.sort(visits.charge_end) == pytest.approx([0.75, 0.95, 0.95])


def test_a_schedule_is_followed_and_made_up_for() -> None:
    """*Proves:* without trucks the power is the plan's; after a truck that nobody expected the
    station takes back what it lost within the hour. *A wrong answer would be:* power from the plan
    alone (the pack stays empty), or all at once where the plan waits.
    """
    stored = np.full(5, 4 * 0.95 * 0.282)
    stored[0] = stored[1] = stored[2] = stored[0] - 0.19
    plan = np.array([0.0, 0.0, 0.2, 0.0])
    place = SwapPlace(np.array([0.95, 0.95, 0.95, 0.95 - 0.19 / 0.282]),
                      schedule=Schedule(plan, stored, np.zeros(5)))  # fmt: skip
    quiet = run_station(place, np.zeros(0), np.zeros(0), kinds=[TRUCK], periods=4)
    assert np.allclose(quiet.charged, plan, atol=1e-4)
    busy = run_station(place, np.array([3.0]), np.array([0.45]), kinds=[TRUCK], periods=4)
    assert busy.charged[0, 3] == pytest.approx(0.5 * 0.282 / 0.95, rel=0.05)


def test_packs_that_are_to_be_ready_are_charged_whatever_the_plan_says() -> None:
    """*Proves:* where the plan charges nothing and the rack holds all the energy it should, packs
    are charged until as many are full as are to be ready, one charger for each that is missing,
    and one more for each truck that waits; then the station is idle again. *A wrong answer would
    be:* a truck that waits for ever beside three packs of 70 %, which hold the energy of two full
    ones; or all three on charge where one is missing.
    """
    rack, plan = np.array([0.7, 0.6, 0.5]), np.zeros(4)
    stored = np.full(5, rack.sum() * TRUCK.energy)
    hours = 0.282 * np.array([0.25, 0.35, 0.45]) / (0.28 * 0.95)

    def station(ready: float) -> SwapPlace:
        return SwapPlace(rack, schedule=Schedule(plan, stored, np.full(5, ready)))

    none = run_station(station(0.0), np.array([0.0]), np.array([0.7]), kinds=[TRUCK], periods=4)
    assert none.wait == pytest.approx(hours[:1])
    two = run_station(station(2.0), np.zeros(0), np.zeros(0), kinds=[TRUCK], periods=4)
    assert np.sort(two.charge_end) == pytest.approx([0.5, 0.95, 0.95])
    assert two.charged[0, 0] == pytest.approx(0.28 * hours[:2].sum())
    all_ = run_station(station(2.0), np.array([0.0]), np.array([0.9]), kinds=[TRUCK], periods=4)
    least, *others = np.sort(all_.charge_end)
    assert least > 0.7  # on charge with the others until the truck was served
    assert others == pytest.approx([0.95, 0.95])


def test_families_do_not_mix_unless_they_fit() -> None:
    """*Proves:* a truck waits beside a full pack of another family; where packs of family 1 fit
    trucks of family 0, it takes one, and leaves its own. *A wrong answer would be:* any pack.
    """
    place = SwapPlace(np.array([0.95]), kind=np.array([1]), chargers=1)
    words: dict[str, Any] = {"kinds": [TRUCK, TRUCK], "periods": 3, "family": np.array([0])}
    stays = run_station(place, np.array([0.5]), np.array([0.3]), **words)
    assert not stays.served.any()
    fits = np.array([[1, 1], [0, 1]])
    goes = run_station(place, np.array([0.5]), np.array([0.3]), fits=fits, **words)
    assert goes.wait.tolist() == [0.0]
    assert goes.kind_end.tolist() == [0]


def test_a_waiting_family_lets_others_pass() -> None:
    """*Proves:* a truck without a pack of its family does not keep the lane from the next one."""
    place = SwapPlace(np.array([0.3, 0.95]), kind=np.array([0, 1]), chargers=1, lane_time=0.1)
    visits = run_station(
        place, np.array([0.1, 0.2]), np.array([0.3, 0.3]), kinds=[TRUCK, TRUCK], periods=3,
        family=np.array([0, 1]),
    )  # fmt: skip
    assert visits.begin[1] == pytest.approx(0.2)
    assert visits.begin[0] == pytest.approx(0.65 * 0.282 / (0.28 * 0.95))


def test_no_room_turns_trucks_away() -> None:
    """*Proves:* with room for one waiting truck the third that comes at once drives on."""
    place = SwapPlace(np.full(9, 0.95), lane_time=1.0, room=1)
    visits = run_station(place, np.array([0.0, 0.1, 0.2]), np.full(3, 0.3), kinds=[TRUCK],
                         periods=4)  # fmt: skip
    assert visits.served.tolist() == [True, True, False]
    found = served_at(visits)
    assert found is not None
    assert (found.visits, found.served) == (3, 2)
    assert found.prompt == pytest.approx(2 / 3)
    assert found.median == pytest.approx(0.45)


def test_arrivals_by_chance_have_the_rate_and_a_seed() -> None:
    """*Proves:* rates per period hold, times rise, and the same seed gives the same trucks."""
    rate: Floats = np.tile([0.0, 8.0], 5000)
    times = poisson_arrivals(rate, 0.5, np.random.default_rng(7))
    assert (np.diff(times) >= 0).all()
    assert (times % 1.0 >= 0.5).all()
    assert len(times) == pytest.approx(20_000, rel=0.02)
    assert (times == poisson_arrivals(rate, 0.5, np.random.default_rng(7))).all()
