"""What a set-point would do, by hand-worked numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf, nan
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from zeroplant.operate.orders import Order
from zeroplant.operate.schedule import Schedule
from zeroplant.plant import build, load_plant
from zeroplant.portal.limits import Limit, Limits, limits_of, share_of_connection
from zeroplant.portal.routes.setpoints import SetpointForm, asked_for
from zeroplant.portal.setpoints import Ask, Known, preview, release

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
ASK = Ask("target", "", 20.0, NOW, NOW + HOUR, "test of the feeder")
LIMITS = Limits(
    {
        "battery.charge": Limit(0.0, 40.0, "MW", settable=True),
        "electrolyser.water": Limit(0.0, 100.0, "kg/h", settable=True),
        "grid.export": Limit(0.0, 100.0, "MW", settable=False),
    },
    -80.0,
    100.0,
)
IMAGE: dict[str, Any] = {
    "exchange": 12.0,
    "points": {
        "battery.charge": {"value": 5.0, "quality": 0},
        "electrolyser.water": {"value": 50.0, "quality": 0},
    },
}
PLAN = Schedule(
    made=NOW, start=NOW, step=timedelta(minutes=15), status="optimal",
    power={"battery.charge": np.array([0.0, 10.0, 10.0, 30.0, 40.0])}, level={}, price={},
    worth={}, target=np.array([10.0, 15.0, 26.0, 14.0, 99.0]),
)  # fmt: skip
KNOWN = Known(NOW, IMAGE, PLAN, ())


def words(ask: Ask, known: Known = KNOWN) -> list[str]:
    """Which problems there are."""
    return [word for word, _ in preview(ask, known, LIMITS, 10.0).problems]


def test_it_moves_the_plant_from_what_is_and_from_what_is_planned() -> None:
    """From 12 MW now and 10 to 26 MW planned in the hour, 20 MW are 10 MW away at most."""
    found = preview(ASK, KNOWN, LIMITS, 10.0)
    assert (found.present, found.planned, found.moves) == (12.0, (10.0, 26.0), 10.0)
    assert not found.second
    assert preview(ASK, KNOWN, LIMITS, 9.9).second
    assert found.problems == found.notes == ()


@pytest.mark.parametrize(
    ("kind", "value", "moves"),
    [
        ("most export", 30.0, 0.0),
        ("most export", 20.0, 6.0),
        ("least export", 5.0, 0.0),
        ("least export", 20.0, 10.0),
    ],
)
def test_a_limit_moves_it_by_what_it_cuts(kind: str, value: float, moves: float) -> None:
    found = preview(replace(ASK, kind=kind, value=value), KNOWN, LIMITS, 10.0)
    assert found.moves == moves
    assert [word for word, _ in found.notes] == (["changes nothing"] if moves == 0.0 else [])


def test_a_device_is_compared_with_its_own_flow() -> None:
    found = preview(replace(ASK, kind="device", key="battery.charge", value=8.0), KNOWN, LIMITS, 9)
    assert (found.present, found.planned, found.moves) == (5.0, (0.0, 30.0), 22.0)
    assert found.ask.place == "battery/charge"


def test_what_cannot_be_compared_needs_a_second_person() -> None:
    """A silent controller, a lost reading, a unit that is no power."""
    silent = preview(ASK, replace(KNOWN, image=None), LIMITS, inf)
    assert (silent.moves, silent.second) == (None, True)
    assert silent.notes == (("nothing known", ()),)
    lost = IMAGE | {"points": {"battery.charge": {"value": 5.0, "quality": 3}}}
    device = replace(ASK, kind="device", key="battery.charge", value=8.0)
    assert preview(device, replace(KNOWN, image=lost), LIMITS, inf).second
    water = replace(ASK, kind="device", key="electrolyser.water", value=50.0)
    assert preview(water, KNOWN, LIMITS, inf).second


@pytest.mark.parametrize("kind", ["target", "most export", "least export", "device"])
def test_what_a_plan_does_not_cover_wholly_needs_a_second_person(kind: str) -> None:
    """Even where it is just what is measured now; the plan of five steps ends at 9:15."""
    key, value = ("battery.charge", 5.0) if kind == "device" else ("", 12.0)
    ask = replace(ASK, kind=kind, key=key, value=value)
    assert preview(ask, KNOWN, LIMITS, inf).moves is not None
    spans = (
        {"start": NOW + 2 * HOUR, "until": NOW + 3 * HOUR},
        {"until": NOW + timedelta(minutes=76)},
        {"start": NOW - HOUR, "until": NOW + 2 * HOUR},
    )
    for span in spans:
        found = preview(replace(ask, **span), KNOWN, LIMITS, inf)
        assert (found.planned, found.moves, found.second) == (None, None, True), span
    assert preview(ask, replace(KNOWN, schedule=None), LIMITS, inf).second
    edge = replace(ask, until=NOW + timedelta(minutes=75))
    assert not preview(edge, KNOWN, LIMITS, inf).second


def test_what_has_gone_by_of_its_time_counts_no_more() -> None:
    """A plan that begins at 8:15 does not reach back to 8:05; from 8:15 on it has all of it."""
    plan = replace(PLAN, start=NOW + HOUR / 4)
    ask = replace(ASK, start=NOW + HOUR / 12)
    known = replace(KNOWN, schedule=plan)
    assert preview(ask, known, LIMITS, inf).planned is None
    found = preview(ask, replace(known, now=plan.start), LIMITS, 10.0)
    assert (found.planned, found.moves, found.second) == ((10.0, 26.0), 10.0, False)


@pytest.mark.parametrize("value", [5.0, 8.0])
@pytest.mark.parametrize("above", [0.0, nan])
def test_a_limit_of_nothing_asks_for_two_people_always(value: float, above: float) -> None:
    """Also for what changes nothing by now: it holds the plant there for a day."""
    flat = {"battery.charge": np.full(5, 5.0)}
    ask = replace(ASK, kind="device", key="battery.charge", value=value)
    known = replace(KNOWN, schedule=replace(PLAN, power=flat))
    assert preview(ask, known, LIMITS, 3.0).moves == value - 5.0
    assert not preview(ask, known, LIMITS, 3.0).second
    assert preview(ask, known, LIMITS, above).second


def test_what_one_person_moves_alone_adds_up() -> None:
    """10 MW beside 4.9 MW are below 15 MW; beside 5.1 MW they are above."""
    assert not preview(ASK, replace(KNOWN, alone=4.9), LIMITS, 15.0).second
    found = preview(ASK, replace(KNOWN, alone=5.1), LIMITS, 15.0)
    assert found.second
    assert ("alone", ("5.1",)) in found.notes


def test_what_goes_when_an_order_is_withdrawn() -> None:
    """From 12 MW now to what the plan has until the order ends."""
    order = Order("person", "target", 40.0, NOW - HOUR, NOW + HOUR)
    found = release(order, KNOWN, LIMITS, 10.0)
    assert (found.value, found.present, found.planned) == (40.0, 12.0, (10.0, 26.0))
    device = Order("person", "device", 1.0, NOW - HOUR, NOW + 2 * HOUR, "battery.charge")
    assert release(device, KNOWN, LIMITS, 10.0).planned == (0.0, 40.0)  # as far as it goes


@pytest.mark.parametrize(
    ("now", "plan", "above", "raises", "second"),
    [
        (12.0, (10.0, 26.0), 14.0, 14.0, False),
        (12.0, (10.0, 26.0), 13.9, 14.0, True),
        (40.0, (10.0, 26.0), 0.0, 0.0, False),  # the way down
        (-5.0, (-30.0, 0.0), 10.0, 25.0, True),  # import that may rise is power that rises
        (-50.0, (50.0, 50.0), 10.0, 50.0, True),  # turned round: all of the export is new
        (50.0, (-20.0, 10.0), 19.9, 20.0, True),
        (12.0, None, 100.0, None, True),
    ],
)
def test_a_withdrawal_that_lets_power_rise_needs_a_second_person(
    now: float,
    plan: tuple[float, float] | None,
    above: float,
    raises: float | None,
    *,
    second: bool,
) -> None:
    """Up by more than one person may move, or nobody knows by how much; down one goes alone."""
    target = None if plan is None else replace(PLAN, target=np.array([*plan, *plan, plan[0]]))
    known = replace(KNOWN, image=IMAGE | {"exchange": now}, schedule=target)
    order = Order("person", "most export", 0.0, NOW - HOUR, NOW + HOUR)
    found = release(order, known, LIMITS, above)
    assert (found.raises, found.second) == (raises, second)


def test_what_does_not_hold_yet_is_withdrawn_alone() -> None:
    order = Order("person", "most export", 0.0, NOW + HOUR / 2, NOW + HOUR)
    assert not release(order, KNOWN, LIMITS, 0.0).second


def test_orders_that_go_before_it_are_told() -> None:
    """The dispatch centre allows 15 MW: of the 20 MW that much is left."""
    centre = Order("dispatch centre", "most export", 15.0, NOW - HOUR, NOW + HOUR)
    found = preview(ASK, replace(KNOWN, orders=(centre,)), LIMITS, 10.0)
    assert found.effect == 15.0
    assert ("overruled", ("15", "MW")) in found.notes
    earlier = Order("person", "most export", 15.0, NOW - HOUR, NOW + HOUR)
    assert preview(ASK, replace(KNOWN, orders=(earlier,)), LIMITS, 10.0).effect == 20.0


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"kind": "acknowledge"}, "no such kind"),
        ({"kind": "device", "key": "grid.export"}, "not settable"),
        ({"kind": "device", "key": "../../etc"}, "not settable"),
        ({"key": "fail-safe"}, "no key"),
        ({"kind": "most export", "key": "battery.charge"}, "no key"),
        ({"value": nan}, "no power"),
        ({"value": -inf}, "no power"),
        ({"value": 2e6}, "no power"),
        ({"value": 101.0}, "outside limits"),
        ({"value": -80.5}, "outside limits"),
        ({"kind": "device", "key": "battery.charge", "value": -1.0}, "outside limits"),
        ({"reason": " \t"}, "no reason"),
        ({"until": NOW}, "over already"),
        ({"start": NOW + HOUR, "until": NOW + HOUR / 2}, "over already"),
        ({"until": NOW + timedelta(days=1, seconds=1)}, "too long"),
        ({"start": NOW + timedelta(days=8), "until": NOW + timedelta(days=8, hours=1)}, "too long"),
    ],
)
def test_what_forbids_it(change: dict[str, Any], problem: str) -> None:
    assert words(replace(ASK, **change)) == [problem]


@pytest.mark.parametrize(
    ("example", "least", "most"),
    [("zero-carbon-park", -300.0, 300.0), ("county-base", -150.0, 150.0)],
)
def test_a_connection_counts_once(example: str, least: float, most: float) -> None:
    """However many contracts share it: the park buys green power over the same 300 MW."""
    network = build(load_plant(EXAMPLES / example)).network
    limits = limits_of(network, {each.name: float(each.upper) for each in network.sizes})
    assert (limits.least_export, limits.most_export) == (least, most)


def test_the_share_of_a_connection_of_unknown_size_is_nothing() -> None:
    """So that everything needs a second person, rather than nothing."""
    assert share_of_connection(LIMITS, 0.1) == 10.0
    assert share_of_connection(Limits({}, -inf, inf), 0.1) == 0.0


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-03-29T01:30", "2026-03-29T04:30"), ("2026-10-25T01:30", "2026-10-25T02:30")],
)
def test_two_hours_are_two_hours_where_clocks_are_set(start: str, end: str) -> None:
    """In Berlin, into summer time and out of it."""
    form = SetpointForm(what="target", value=1.0, start=start, minutes=120)
    ask = asked_for(form, datetime(2026, 3, 1, tzinfo=UTC), "Europe/Berlin")
    assert ask is not None
    assert ask.until - ask.start == timedelta(hours=2)
    assert ask.until.astimezone(ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%dT%H:%M") == end
