"""Green matching: by the hour, the day, the month; claimed once; through a battery."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.assets.chains import answer, found, stand, wind
from tests.assets.small import axis, grid, near, of, paid
from tests.assets.test_electrolyser import buyer, cells
from zeroplant.assets.battery import Battery
from zeroplant.assets.electrolyser import Electrolyser
from zeroplant.assets.tank import Tank
from zeroplant.errors import InputError

CALM_THEN_WIND = np.array([0.0, 1.0])


def green(within: str = "hour", **words: Any) -> dict[str, Any]:
    """A green rule."""
    return {"within": within, "sources": ("wind",), **words}


def plant(rule: dict[str, Any] | None, power: float = 10.0, **words: Any) -> dict[str, Any]:
    """Calm, then wind of 8 MW; grid power would pay for hydrogen at any hour."""
    return {
        "wind": wind(8.0, CALM_THEN_WIND),
        "grid": grid(100.0, export_price=99.0),
        "cells": cells(green=rule, power=power, **words),
        "buyer": buyer(),
    }


def test_within_the_hour_and_within_the_month() -> None:
    """*Proves:* by the hour only the 8 MWh of the second hour count, when they are made; by the
    month (or day, or year) 8 MWh may be taken at any time. *A wrong answer would be:* 18 MWh
    (no rule), or none at all by the month before the wind has blown.
    """
    free = answer(plant(None), axis(2))
    assert near(of(free, "cells.electrolysis"), [10, 10])
    hourly = answer(plant(green()), axis(2))
    assert near(of(hourly, "cells.electrolysis"), [0, 8])
    for within in ("day", "month", "year"):
        summed = answer(plant(green(within), power=6.0), axis(2))
        assert near(of(summed, "cells.electrolysis").sum(), 8.0)
        assert of(summed, "cells.electrolysis")[0] >= 2 - 1e-6


def test_hours_of_four_quarters() -> None:
    """*Proves:* with quarter-hours the hour is matched as a whole: wind of its last quarter may
    be taken in its first. *A wrong answer would be:* matching by the quarter-hour.
    """
    gusts = np.array([0.0, 0, 0, 1])
    assets = plant(green(), power=2.0)
    assets["wind"] = wind(8.0, gusts)
    plan = answer(assets, axis(4, 0.25))
    assert near(of(plan, "cells.electrolysis"), 2.0)


def test_the_rule_may_be_broken_at_its_price() -> None:
    """*Proves:* hydrogen that must be delivered in the calm hour breaks the rule by 5 MWh at 70
    each. *A wrong answer would be:* no answer.
    """
    assets = plant(green(breach=70.0))
    assets["buyer"] = buyer(least=100.0, unserved=9999.0)
    plan = answer(assets, axis(2))
    assert near(paid(plan, "cells", "breach of cells.green electricity"), 5 * 70)


def test_a_megawatt_hour_is_claimed_once() -> None:
    """*Proves:* two sets with one source share its 8 MWh. *A wrong answer would be:* 8 each."""
    assets = plant(green())
    assets["more"] = cells(green=green())
    plan = answer(assets, axis(2))
    total = of(plan, "cells.electrolysis") + of(plan, "more.electrolysis")
    assert near(total, [0, 8])
    assert sum("green" in budget.name for budget in plan.network.budgets) == 1


def test_a_battery_brings_green_power_to_the_calm_hours() -> None:
    """*Proves:* named among the sources, a battery of 2 MWh takes 2 MW of the wind in its hour
    and gives them back in the calm one (the day is a cycle); the claim is then 2 and 6. *A wrong
    answer would be:* grid power made green by a battery.
    """
    store = Battery(
        kind="battery", at="park", power=2.0, energy=2.0, round_trip=1.0, soc_min=0.0,
        soc_max=1.0, self_discharge=0.0,
    )  # fmt: skip
    rule = green(sources=("wind", "store"))
    assets = {**plant(rule), "store": store}
    assets["buyer"] = buyer(least=40.0, most=1e4, unserved=9999.0)
    plan = answer(assets, axis(2))
    assert near(of(plan, "cells.electrolysis"), [2, 6])
    assert near(paid(plan, "cells", "breach of cells.green electricity"), 0.0)


@pytest.mark.parametrize(("year", "taken"), [(2029, 10.0), (2030, 8.0)])
def test_the_european_rule_goes_from_the_month_to_the_hour(year: int, taken: float) -> None:
    """*Proves:* before 2030 the calendar month counts, from 2030 the hour (Delegated Regulation
    2023/1184, article 6), which the pack says by year. *A wrong answer would be:* one for all.
    """
    rule = {"pack": "eu-rfnbo-hydrogen", "sources": ("wind",)}
    assets = plant(rule, power=5.0)
    assets["wind"] = wind(10.0, np.array([0.3, 1.0]))
    plan = answer(assets, axis(2, start=f"{year}-01-01"))
    assert near(of(plan, "cells.electrolysis").sum(), taken)
    assets["cells"] = cells(green={**rule, "year": 2030}, power=5.0)
    late = answer(assets, axis(2, start=f"{year}-01-01"))
    assert near(of(late, "cells.electrolysis").sum(), 8.0)


def test_findings_tell_the_hourly_share() -> None:
    """*Proves:* a plant that matches by the month uses 8 MWh, of which those of the calm hour are
    not matched by the hour, and carry the grid's carbon. *A wrong answer would be:* 100 %.
    """
    assets = plant(green("month"), power=6.0)
    assets["grid"] = grid(10.0, export_price=9.0, emission_factor=0.5)
    assets["buyer"] = buyer(least=80.0, unserved=9999.0)
    plan = answer(assets, axis(2))
    said = found(assets, plan, "cells")
    assert said["hourly_matched"] == pytest.approx(0.5)
    assert said["carbon"] == pytest.approx(4 * 0.5 * 1000 / 160)


def test_sources_must_be_there_and_green() -> None:
    """*Proves:* a source that makes no green power, and two rules that claim one source in
    different ways, are each named.
    """
    with pytest.raises(InputError, match="'buyer' makes no green electricity"):
        stand(plant(green(sources=("buyer",))), axis(2))
    tank = Tank(kind="tank", at="h2", capacity=9.0)
    with pytest.raises(InputError, match="'tank' makes no green electricity"):
        stand({**plant(green(sources=("tank",))), "tank": tank}, axis(2))
    assets = {**plant(green()), "more": cells(green=green("month"))}
    ((name, problem),) = Electrolyser.across(assets, {})
    assert name == "more"
    assert "'cells' claims in another way" in str(problem)
