"""The electrolyser: consumption, load range, states, ageing, heat, water."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.assets.chains import answer, found, stand, wind
from tests.assets.small import axis, entry, grid, near, of, paid
from zeroplant.assets.electrolyser import Electrolyser
from zeroplant.assets.offtake import Offtake
from zeroplant.assets.supply import Supply
from zeroplant.errors import InputError
from zeroplant.units import SizeRange

KG = 0.05
"""MWh for a kg in most cases, a round number."""


def cells(**words: Any) -> Electrolyser:
    """10 MW that make 20 kg of each MWh and do not age, unless told otherwise."""
    usual = {
        "kind": "electrolyser", "at": "park", "to": "h2", "power": 10.0, "consumption": KG,
        "degradation": 0.0, "load_max": 1.0,
    }  # fmt: skip
    return Electrolyser(**{**usual, **words})


def buyer(price: Any = 30.0, **words: Any) -> Offtake:
    """Takes all hydrogen at 30 per kg."""
    return Offtake(**{"kind": "offtake", "at": "h2", "price": price, **words})


def test_golden_electricity_of_a_kilogram() -> None:
    """*Proves:* 4.7 kWh/Nm³ are 52.3 kWh/kg, and at 0.2 yuan/kWh a kilogram takes 10.5 yuan of
    electricity (domain page 2h). *A wrong answer would be:* 14.9, which has the capital in it.
    """
    works = cells(consumption="4.7 kWh/Nm3")
    assert works.new_consumption * 1000 == pytest.approx(52.3, abs=0.05)
    assert cells(consumption="52.3 kWh/kg").new_consumption == pytest.approx(0.0523)
    assets = {"grid": grid(200.0), "cells": works, "buyer": buyer(least=100.0, unserved=99.0)}
    plan = answer(assets, axis(2))
    assert plan.objective + 2 * 100 * 30 == pytest.approx(200 * 10.46, rel=1e-3)
    said = found(assets, plan, "cells")
    assert said["electricity_cost"] == pytest.approx(10.5, abs=0.05)
    assert said["consumption"] == pytest.approx(52.3, abs=0.05)


def test_no_more_hydrogen_than_the_electricity_holds() -> None:
    """*Proves:* a kilogram takes 39.4 kWh, its higher heating value, at every load and beside the
    heat that is used. *A wrong answer would be:* hydrogen that makes the electricity it took, and
    more.
    """
    assert cells(consumption="39.4 kWh/kg").new_consumption == pytest.approx(0.0394)
    with pytest.raises(ValidationError, match=r"30 kWh/kg is less than hydrogen holds.*50…58"):
        cells(consumption="30 kWh/kg")
    with pytest.raises(ValidationError, match="35 kWh/kg at its best load is less"):
        cells(part_load=[(0.2, 0.7), (1.0, 1.0)])
    with pytest.raises(ValidationError, match=r"leave no heat_share of 0.3.*'heat_share' 0.21 or"):
        cells(heat="warm", heat_share=0.3)
    assert cells(heat="warm", heat_share=0.2).heat == "warm"


def test_presets_of_both_technologies() -> None:
    """*Proves:* alkaline runs at 20…110 % with 5.0 kWh/Nm³, PEM at 5…120 % with 5.1."""
    plain = {"consumption": None, "load_max": None}
    alkaline, pem = cells(**plain), cells(**plain, technology="pem")
    assert (alkaline.loads, pem.loads) == ((0.2, 1.1), (0.05, 1.2))
    assert alkaline.new_consumption == pytest.approx(5.0e-3 * 11.126)
    assert pem.new_consumption == pytest.approx(5.1e-3 * 11.126)


def test_ageing_is_seen_at_the_mean_and_paid_when_stacks_are_replaced() -> None:
    """*Proves:* 1 % a year over stacks of 10 years makes 5 % more consumption on average; a third
    of the purchase is written off over 10 years, the rest over 20. *A wrong answer would be:* the
    consumption of the last year, or one life for all.
    """
    works = cells(degradation=0.01, stack_life=10.0, capex=9e6, stack_share=1 / 3, life=20.0)
    assert works.mean_consumption == pytest.approx(KG * 1.05)
    plan = answer({"grid": grid(100.0), "cells": works, "buyer": buyer()}, axis(1))
    assert near(of(plan, "buyer.sold"), 10 / (KG * 1.05))
    for what, share, life in (("electrolyser stacks", 1 / 3, 10), ("electrolyser", 2 / 3, 20)):
        annuity = 0.06 / (1 - 1.06**-life) * 9e6 * share * 10 / 8760
        assert near(paid(plan, "cells", f"annuity of {what}"), annuity)


def test_overload_and_ramp() -> None:
    """*Proves:* a rating of 10 MW takes 11 at 110 %, and rises by 30 % of the rating in an hour.
    *A wrong answer would be:* 30 % of what it takes.
    """
    power = np.array([0.0, 1, 1, 1, 1])
    assets = {"wind": wind(20.0, power), "cells": cells(load_max=1.1, ramp=0.3), "buyer": buyer()}
    assert near(of(answer(assets, axis(5)), "cells.electrolysis"), [0, 3, 6, 9, 11])


def test_part_load_makes_more_of_each_mwh() -> None:
    """*Proves:* at half load it takes 0.9 of the rated consumption: 5 MW make 5 / (0.9 × 0.05) =
    111.1 kg; 7.5 MW lie on the chord between (5, 111.1) and (10, 200). *A wrong answer would be:*
    100 kg and 150 kg (no curve), or 166.7 (the better efficiency at full load).
    """
    works = cells(part_load=((0.5, 0.9), (1.0, 1.0)))
    source = wind(10.0, np.array([0.5, 0.75, 1.0]))
    plan = answer({"wind": source, "cells": works, "buyer": buyer()}, axis(3))
    half = 5 / (0.9 * KG)
    assert near(of(plan, "cells.hydrogen made"), [half, (half + 200) / 2, 200])


def test_a_curve_that_is_worse_at_low_load_is_cut_by_its_hull() -> None:
    """*Proves:* what is worse than idling between two loads is replaced by their mixture, which
    is the concave hull the page speaks of: from the origin straight to the best point. *A wrong
    answer would be:* a plan that says low load is bad yet cannot say so in a line.
    """
    pieces = cells(part_load=((0.2, 1.5), (0.6, 0.9), (1.0, 1.0))).pieces()
    assert near(pieces.knots, [0.0, 0.6, 1.0])
    assert near(pieces(np.array([0.3, 0.6, 1.0])), [0.3 / 0.9, 0.6 / 0.9, 1.0])


def test_water_and_heat() -> None:
    """*Proves:* 200 kg/h take 2.4 m³/h of water and give up to 1.5 MW of heat, as much of it as
    is wanted. *A wrong answer would be:* heat that must be taken.
    """
    assets = {
        "grid": grid(100.0),
        "well": Supply(kind="supply", at="tap", price=5.0),
        "cells": cells(water="tap", heat="heat"),
        "buyer": buyer(),
        "baths": Offtake(kind="offtake", at="heat", price=50.0),
    }
    plan = answer(assets, axis(1))
    assert near(paid(plan, "well", "water bought"), 2.4 * 5)
    assert near(of(plan, "cells.recovered"), 1.5)
    assets["baths"] = Offtake(kind="offtake", at="heat", price=50.0, most=1.0)
    assert near(of(answer(assets, axis(1)), "cells.recovered"), 1.0)


def test_the_linear_plan_says_how_wrong_it_may_be() -> None:
    """*Proves:* 1 MW of wind is used by a 10 MW set whose least load is 2 MW; a third of the
    energy in this case, which the finding tells. *A wrong answer would be:* silence.
    """
    source = wind(10.0, np.array([0.1, 0.2]))
    assets = {"wind": source, "cells": cells(), "buyer": buyer()}
    said = found(assets, answer(assets, axis(2)), "cells")
    assert said["below_least_load"] == pytest.approx(1 / 3)
    exact = {**assets, "cells": cells(on_off=True)}
    plan = answer(exact, axis(2))
    assert near(of(plan, "cells.electrolysis"), [0, 2])
    assert "below_least_load" not in found(exact, plan, "cells")


def states(dear: float = 2000.0, **words: Any) -> dict[str, Any]:
    """Wind, none, wind; the set may stop or wait, with dear power out of the grid."""
    works = cells(on_off=True, start_cost=500.0, **words)
    source = wind(10.0, np.array([1.0, 0, 0, 1]), running=0.0)
    return {"wind": source, "grid": grid(dear), "cells": works, "buyer": buyer()}


def test_a_short_calm_is_waited_through_in_standby() -> None:
    """*Proves:* two hours at 2 % of 10 MW cost 0.4 MWh × 2000 = 800, a start 500, so it stops; at
    1 % they cost 400 and it waits. *A wrong answer would be:* free standby, or none.
    """
    stops = answer(states(standby=0.02), axis(4))
    assert near(of(stops, "cells.standby"), 0.0)
    assert near(paid(stops, "cells", "starts"), 500)
    waits = answer(states(standby=0.01), axis(4))
    assert near(of(waits, "cells.standby"), [0, 1, 1, 0])
    assert near(of(waits, "grid.import"), [0, 0.1, 0.1, 0])
    assert near(paid(waits, "cells", "starts"), 0.0)


def test_a_cold_start_takes_its_time() -> None:
    """*Proves:* a start of half an hour leaves half of the first hour; with standby it may warm
    up in the hour before, where that costs less than 100 kg of hydrogen. *A wrong answer would
    be:* full output from the first minute.
    """
    plan = answer(states(9000.0, start_time=0.5), axis(4))
    assert near(of(plan, "cells.electrolysis"), [10, 0, 0, 5])
    warmed = answer(states(standby=0.05, start_time=0.5), axis(4))
    assert near(of(warmed, "cells.standby"), [0, 0, 1, 0])
    assert near(of(warmed, "cells.electrolysis"), [10, 0, 0, 10])


@pytest.mark.parametrize("hours", [1.0, 0.5, 0.25])
@pytest.mark.parametrize(
    ("time", "standby", "made"),
    [(0.5, 0.0, 75.0), (1.0, 0.0, 70.0), (0.9, 0.0, 71.0), (0.5, 0.05, 75.0), (1.0, 0.05, 70.0)],
)
def test_a_cold_start_takes_its_time_in_periods_of_any_length(
    hours: float, time: float, standby: float, made: float
) -> None:
    """*Proves:* 10 MW that stood through a calm lose ``start_time`` × 10 MW of the 80 MWh of wind
    after it, at 1 h, 30 and 15 min, with and without standby; nothing warms up in the calm, where
    power costs more than what is lost. *A wrong answer would be:* 0 MWh, for no period has room
    for a whole start and the least load; or 80, warmed up in a quarter of an hour.
    """
    there = np.repeat([1.0, 0.0, 1.0], [round(n / hours) for n in (6, 2, 8)])
    works = cells(on_off=True, start_time=time, standby=standby)
    assets = {"wind": wind(10.0, there), "grid": grid(20_000.0), "cells": works, "buyer": buyer()}
    plan = answer(assets, axis(len(there), hours))
    made_after = of(plan, "cells.electrolysis")[-round(8 / hours) :].sum() * hours
    assert made_after == pytest.approx(made, abs=1e-5)
    assert near(of(plan, "grid.import"), 0.0)


@pytest.mark.parametrize("hours", [1.0, 0.5, 0.25])
def test_a_start_ahead_takes_its_whole_time(hours: float) -> None:
    """*Proves:* to run with the first wind of ten hours a set of 10 MW warms up for an hour of
    dear power: 0.5 MWh at 5 % in standby, 2 MWh at its least load without. *A wrong answer would
    be:* a single period of it, a quarter of that in periods of 15 min.
    """
    there = np.repeat([0.0, 1.0], [round(4 / hours), round(10 / hours)])
    for standby, energy in ((0.05, 0.5), (0.0, 2.0)):
        works = cells(on_off=True, start_time=1.0, standby=standby)
        assets = {"wind": wind(10.0, there), "grid": grid(2000.0), "cells": works,
                  "buyer": buyer()}  # fmt: skip
        plan = answer(assets, axis(len(there), hours))
        assert near(of(plan, "grid.import").sum() * hours, energy)
        assert near(of(plan, "cells.electrolysis").sum() * hours, 100.0)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 1500), min_size=6, max_size=6),
    st.integers(1, 3),
    st.sampled_from([0.0, 0.05]),
)
def test_starts_against_every_schedule(prices: list[int], time: int, standby: float) -> None:
    """*Proves:* in half-hours a set of 10 MW with starts of 0.5…1.5 h costs what the best of all
    3⁶ schedules of off, standby and on costs. *A wrong answer would be:* less, a start that is cut
    short; or more, a start that has no room.
    """
    heat = 10.0 * (standby or 0.2)
    paid = np.array(prices, dtype=float) * 0.5
    on = np.minimum((paid - 300.0) * 10.0, (paid - 300.0) * 2.0)  # 600 money of hydrogen a MWh
    costs = np.stack([np.zeros(6), paid * heat, on])
    best = np.inf
    for states in product((0, 1, 2), repeat=6):
        starts = [t for t in range(1, 6) if states[t] and not states[t - 1]]
        if all(state == 1 for t in starts for state in states[t : t + time]):
            best = min(best, costs[list(states), range(6)].sum() + 500.0 * len(starts))
    works = cells(on_off=True, start_time=0.5 * time, standby=standby, start_cost=500.0)
    assets = {"grid": grid(np.array(prices, dtype=float)), "cells": works, "buyer": buyer()}
    assert answer(assets, axis(6, 0.5)).objective == pytest.approx(best, rel=2e-4, abs=1e-3)


def test_a_set_that_starts_beside_another_warms_up_by_itself() -> None:
    """*Proves:* of two sets of 5 MW one runs on; the other needs an hour at 1 MW before it helps
    with 10 MW of wind: 5 and 1 MW, then 10. *A wrong answer would be:* 5 MW in its first hour,
    for the other set kept both above their least load.
    """
    works = cells(on_off=True, start_time=1.0, power=SizeRange(10, 10, 5))
    source = wind(10.0, np.array([0.5, 0.1, 1, 1, 1]))
    plan = answer({"wind": source, "cells": works, "buyer": buyer()}, axis(5))
    assert near(of(plan, "cells.electrolysis"), [5, 1, 5, 10, 10])
    assert near(of(plan, "cells.standby"), [0, 0, 1, 0, 0])
    assert near(of(plan, "wind.output")[2], 6.0)


def test_sets_are_counted_in_steps() -> None:
    """*Proves:* with sets of 5 MW one of two runs on 6 MW of wind, at 5 MW, or both at 3 each;
    with 0.8 MW none can (least 1 MW). *A wrong answer would be:* half a set.
    """
    works = cells(on_off=True, power=SizeRange(10, 10, 5))
    source = wind(10.0, np.array([0.6, 0.08]))
    plan = answer({"wind": source, "cells": works, "buyer": buyer()}, axis(2))
    assert near(of(plan, "cells.electrolysis"), [6, 0])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"standby": 0.02}, "'standby' needs whole numbers; write 'on_off: true'"),
        ({"part_load": ((1.0, 1.0),)}, "two points or more"),
        ({"part_load": ((0.5, 1.0), (0.4, 1.0))}, "rising loads"),
        ({"part_load": ((0.5, 0.0), (1.0, 1.0))}, "not above 0"),
        ({"consumption": "4.7 kWh"}, "write one such as '52 kWh/kg' or '4.7 kWh/Nm3'"),
        ({"heat_share": 0.1}, "'heat_share' belongs to 'heat'; give it too, or leave out"),
        ({"green": {}}, "either 'within' or 'pack'"),
        ({"green": {"pack": "cn-direct-connection-650"}}, "does not say within which span"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], says: str) -> None:
    """*Proves:* what cannot be is refused when it is written."""
    with pytest.raises(ValidationError, match=says):
        cells(**words)


def test_standby_needs_the_rating_of_a_set() -> None:
    """*Proves:* standby of a size without a step is refused with its cure."""
    works = cells(on_off=True, standby=0.01, power=SizeRange(0, 20))
    with pytest.raises(InputError, match="write 'power' with a 'step'"):
        stand({"grid": grid(), "cells": works, "buyer": buyer()}, axis(2))


def test_nothing_is_made_of_nothing() -> None:
    """*Proves:* findings of a set that never runs say so without dividing by it."""
    assets = {"grid": grid(9999.0), "cells": cells(power=0.0), "buyer": buyer(1.0)}
    assert found(assets, answer(assets, axis(1)), "cells") == {"hydrogen_made": 0.0}
    assert entry(answer(assets, axis(1)), "buyer", "hydrogen sold").quantity == 0
