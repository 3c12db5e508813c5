"""Whose word counts, for how long, and what holds when the dispatch centre is lost."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zeroplant.operate.orders import (
    PRIORITY,
    DispatchCentre,
    Order,
    OrderKind,
    Source,
    bounds_of,
    in_force,
)

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def order(source: Source, kind: OrderKind, value: float, start: datetime = NOW) -> Order:
    return Order(source, kind, value, start, NOW + HOUR)


def test_orders_count_from_their_start_up_to_their_end() -> None:
    one = order("contract", "target", 1.0)
    assert in_force([one], NOW - timedelta(microseconds=1)) == []
    assert in_force([one], NOW) == [one]
    assert in_force([one], NOW + HOUR) == []


def test_a_higher_source_goes_first_and_of_equals_the_later() -> None:
    orders = [
        order("person", "target", 1.0),
        order("dispatch centre", "target", 2.0, start=NOW - HOUR),
        order("dispatch centre", "target", 3.0),
    ]
    assert [each.value for each in in_force(orders, NOW)] == [3.0, 2.0, 1.0]
    bounds = bounds_of(in_force(orders, NOW))
    assert bounds.target == 3.0
    assert {each.value for each in bounds.contradictions} == {1.0, 2.0}


def test_a_limit_below_does_not_bind_a_target_above() -> None:
    bounds = bounds_of(
        in_force(
            [order("contract", "most export", 5.0), order("dispatch centre", "target", 9.0)], NOW
        )
    )
    assert bounds.target == 9.0
    assert bounds.most == 9.0
    assert len(bounds.contradictions) == 1


values = st.floats(-100, 100)
kinds = st.sampled_from(["target", "most export", "least export"])


@given(st.lists(st.tuples(st.sampled_from(sorted(PRIORITY)), kinds, values), max_size=6))
def test_the_highest_order_is_always_kept(said: list[tuple[Source, OrderKind, float]]) -> None:
    orders = in_force([order(*each) for each in said], NOW)
    bounds = bounds_of(orders)
    assert bounds.least <= bounds.most
    if orders:
        first = orders[0]
        if first.kind == "target":
            assert bounds.target == bounds.least == bounds.most == first.value
        elif first.kind == "most export":
            assert bounds.most <= first.value
        else:
            assert bounds.least >= first.value
    if not math.isnan(bounds.target):
        assert bounds.least <= bounds.target <= bounds.most


def limited(centre: DispatchCentre, now: datetime) -> bool:
    return bool(centre.limits(now, seconds(now)))


def seconds(now: datetime) -> float:
    return (now - NOW).total_seconds()


def test_the_fail_safe_holds_from_the_start_until_the_centre_is_heard() -> None:
    centre = DispatchCentre(most_export=0.0)
    assert limited(centre, NOW)
    centre.hear(seconds(NOW + MINUTE), order=True)
    assert not limited(centre, NOW + MINUTE)


def test_lost_for_two_hours_and_left_only_after_word_or_two_minutes() -> None:
    centre = DispatchCentre(most_export=0.0)
    centre.hear(seconds(NOW), order=True)
    assert not limited(centre, NOW + MINUTE)
    assert limited(centre, NOW + 3 * MINUTE)
    back = NOW + 30 * MINUTE
    centre.hear(seconds(back), order=True)
    assert limited(centre, back)  # the two hours are not over
    for minute in range(30, 123):
        centre.hear(seconds(NOW + minute * MINUTE))
        assert limited(centre, NOW + minute * MINUTE)
    centre.hear(seconds(NOW + 124 * MINUTE))
    assert not limited(centre, NOW + 124 * MINUTE)


def test_a_sign_of_life_alone_is_not_enough_at_once() -> None:
    centre = DispatchCentre(most_export=0.0)
    centre.hear(seconds(NOW), order=True)
    assert limited(centre, NOW + 3 * MINUTE)
    back = NOW + 5 * HOUR
    assert limited(centre, back - MINUTE)
    centre.hear(seconds(back))
    assert limited(centre, back + MINUTE)
    centre.hear(seconds(back + 2 * MINUTE))
    assert not limited(centre, back + 2 * MINUTE)


def test_the_centre_s_own_fail_safe_is_no_word_of_anybody() -> None:
    held = in_force(DispatchCentre(most_export=5.0).limits(NOW, 0.0), NOW)
    assert bounds_of(held).most == 5.0
    assert not bounds_of(held).told


def test_a_clock_that_is_set_makes_no_silence_and_none_shorter() -> None:
    """The limits are told in the plant's time, and silence is counted in seconds that pass.

    Both jumps are larger than the silence; going by the clock, the first would hold the fail-safe
    for two hours, and the second would begin it an hour late.
    """
    for jump in (HOUR, -HOUR):
        centre = DispatchCentre(most_export=0.0)
        for count in range(0, 600, 10):
            centre.hear(float(count), order=count == 0)
            now = NOW + timedelta(seconds=count) + (jump if count >= 300 else timedelta())
            assert centre.limits(now, float(count)) == []
        last = 590
        begins = next(
            count
            for count in range(last, 7200, 10)
            if in_force(centre.limits(now + timedelta(seconds=count - last), float(count)), now
                        + timedelta(seconds=count - last))
        )  # fmt: skip
        assert begins == last + 130
