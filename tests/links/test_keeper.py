"""A keeper never raises, never lies about what it does not know, and writes only what it must."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from itertools import pairwise
from math import isnan, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.links.fakes import FakeLink, WireClock, eventually, in_loop, kept, wish
from zeroplant.links import Quality
from zeroplant.links.budget import Budget, Limits
from zeroplant.links.heartbeat import Heartbeat
from zeroplant.links.keeper import Keeper
from zeroplant.links.link import DEFERRED

CHARGE, LEVEL = "battery.charge", "battery.level"


@in_loop
async def test_before_the_first_answer_nothing_is_known() -> None:
    """Unreachable is not zero: Proves lost points are nan; a keeper that made zeros would fail."""
    _, link, keeper = kept()
    link.mode = "refuses connections"
    image = await keeper.read()
    assert {each.quality for each in image.values()} == {Quality.LOST}
    assert all(isnan(each.value) for each in image.values())
    assert "nobody there" in keeper.trouble


@in_loop
async def test_lost_keeps_the_last_value_with_its_age() -> None:
    clock, link, keeper = kept()
    before = (await keeper.read())[LEVEL]
    assert before.quality is Quality.GOOD
    link.mode = "silent"
    clock.add(4.0)
    after = (await keeper.read())[LEVEL]
    assert (after.value, after.event, after.quality) == (5.0, before.event, Quality.LOST)
    assert keeper.trouble == "TimeoutError: no answer within 2 s"
    assert link.closed == 1


@pytest.mark.parametrize("mode", ["silent", "refuses connections", "broken"])
@in_loop
async def test_waits_two_seconds_more_after_each_failure(mode: str) -> None:
    """Proves 2 s × n up to 5 min and reset on success; n counted from the visits made."""
    clock, link, keeper = kept()
    await keeper.read()
    link.mode = mode
    waits, last = [], None
    for _ in range(26_000):
        clock.add(1.0)
        failures = keeper.counters.failures
        await keeper.read()
        if keeper.counters.failures > failures:
            if last is not None:
                waits.append((clock.now() - last).total_seconds())
            last = clock.now()
    visit = 2.0 if mode == "silent" else 0.0  # until the deadline
    assert waits[:3] == [2.0 + visit, 4.0 + visit, 6.0 + visit]
    assert all(later >= sooner for sooner, later in pairwise(waits))
    assert 300.0 <= max(waits) <= 304.0
    link.mode = "well"
    clock.add(301.0)
    assert (await keeper.read())[LEVEL].quality is Quality.GOOD
    link.mode = mode
    clock.add(4.0)
    await keeper.read()
    clock.add(5.0)
    tried = keeper.counters.failures
    await keeper.read()
    assert keeper.counters.failures == tried + 1, "back-off begins anew after a success"


@in_loop
async def test_waiting_costs_no_time() -> None:
    """While a device is given up, a cycle is not slowed by it."""
    clock, link, keeper = kept()
    link.mode = "silent"
    await keeper.read()
    before, visits = clock.now(), link.visits
    await keeper.read()
    await keeper.write([wish(clock, 1.0)])
    assert (clock.now(), link.visits) == (before, visits)


@in_loop
async def test_clock_set_back_an_hour_does_not_stop_anything() -> None:
    clock, link, keeper = kept()
    await keeper.read()
    clock.add(-3600.0)
    visits = link.visits
    assert (await keeper.read())[LEVEL].quality is Quality.GOOD
    assert link.visits == visits + 1, "the poll interval is not an hour longer"
    link.mode = "silent"
    clock.add(5.0)
    await keeper.read()
    clock.add(-3600.0)
    link.mode = "well"
    assert (await keeper.read())[LEVEL].quality is Quality.GOOD, "nor is the back-off"


@in_loop
async def test_clock_set_forward_an_hour_renews_and_reads() -> None:
    clock, link, keeper = kept()
    await keeper.read()
    await keeper.write([wish(clock, 3.0)])
    clock.add(3600.0)
    assert (await keeper.read())[LEVEL].quality is Quality.GOOD
    await keeper.write([wish(clock, 3.0)])
    assert len(link.told) == 2


@in_loop
async def test_stale_and_insane_values_are_uncertain() -> None:
    clock, link, keeper = kept()
    link.late = 8.1
    assert (await keeper.read())[LEVEL].quality is Quality.UNCERTAIN
    clock.add(4.0)
    link.late, link.values[LEVEL] = 0.0, 21.5
    assert (await keeper.read())[LEVEL].quality is Quality.UNCERTAIN
    clock.add(4.0)
    link.values[LEVEL] = 20.9
    assert (await keeper.read())[LEVEL].quality is Quality.GOOD
    clock.add(4.0)
    link.values[LEVEL] = nan
    reading = (await keeper.read())[LEVEL]
    assert (reading.value, reading.quality) == (20.9, Quality.BAD), "the device does not know"


@in_loop
async def test_reads_only_once_in_a_poll_interval() -> None:
    clock, link, keeper = kept(every=60.0)
    for _ in range(60):
        await keeper.read()
        clock.add(4.0)
    assert link.visits == 5, "every 48 s: a poll may be a quarter of the interval early"


@in_loop
async def test_write_budget() -> None:
    """Same and nearly same values are held, renewed before half their validity has run out."""
    clock, link, keeper = kept(budget=Budget(4.0, Limits(interval=10.0, change=0.01)))
    await keeper.read()
    written = []
    for second in range(0, 120, 4):
        before = len(link.told)
        answers = await keeper.write([wish(clock, 3.0 + 0.05 * (second % 8 == 0))])
        assert answers[0].accepted
        if len(link.told) > before:
            written.append(second)
        clock.add(4.0)
    gaps = [later - sooner for sooner, later in pairwise(written)]
    assert set(gaps) == {28}, "validity 60 s, chances every 4 s: the last before 30 s is 28 s"

    answer = (await keeper.write([wish(clock, 9.0)]))[0]
    clock.add(1.0)
    answer = (await keeper.write([wish(clock, 5.0)]))[0]
    assert (answer.accepted, answer.reason) == (False, DEFERRED)
    assert (await keeper.write([wish(clock, 5.0)], urgent=True))[0].accepted
    assert link.told[-1].value == 5.0
    clock.add(11.0)
    await keeper.write([wish(clock, 0.05)])
    clock.add(11.0)
    await keeper.write([wish(clock, 0.0)])
    assert link.told[-1].value == 0.0, "stop is stop, however near"


@in_loop
async def test_refuses_what_cannot_be_right() -> None:
    clock, link, keeper = kept()
    await keeper.read()
    wishes = [
        wish(clock, 11.0), wish(clock, -1.0), wish(clock, nan), wish(clock, 1.0, -1.0),
        wish(clock, 1.0, point=LEVEL), wish(clock, 1.0, point="battery.colour"),
    ]  # fmt: skip
    reasons = [(await keeper.write([each]))[0].reason for each in wishes]
    assert reasons == [
        "11 MW is outside 0 to 10", "-1 MW is outside 0 to 10", "not a number",
        "it has lapsed already", "it cannot be written", "no such point",
    ]  # fmt: skip
    assert not link.told


@in_loop
async def test_a_failed_or_rejected_write_is_tried_again() -> None:
    clock, link, keeper = kept()
    await keeper.read()
    link.mode = "rejects"
    assert (await keeper.write([wish(clock, 2.0)]))[0].reason == "not now"
    link.mode = "silent"
    answer = (await keeper.write([wish(clock, 2.0)]))[0]
    assert (answer.accepted, answer.reason) == (False, "lost: TimeoutError: no answer within 2 s")
    link.mode = "well"
    clock.add(3.0)
    assert (await keeper.write([wish(clock, 2.0)]))[0].accepted


@in_loop
async def test_everything_is_told_anew_after_a_reconnection() -> None:
    """The device may have restarted: what it was told before is not known to hold."""
    clock, link, keeper = kept()
    await keeper.read()
    await keeper.write([wish(clock, 2.0)])
    link.mode = "silent"
    clock.add(4.0)
    await keeper.read()
    link.mode = "well"
    clock.add(4.0)
    await keeper.read()
    told = len(link.told)
    await keeper.write([wish(clock, 2.0)])
    assert len(link.told) == told + 1


@in_loop
async def test_heartbeats_both_ways() -> None:
    heartbeat = Heartbeat("battery.beat", "battery.heart", every=5.0, timeout=20.0)
    clock, link, keeper = kept(heartbeat=heartbeat)
    qualities = []
    for step in range(20):
        link.values["battery.heart"] = float(min(step, 8))
        qualities.append((await keeper.read())[LEVEL].quality)
        clock.add(4.0)
    beats = [each.value for each in link.told if each.point == "battery.beat"]
    assert beats == [float(n) for n in range(1, len(beats) + 1)]
    assert len(beats) >= 15
    assert qualities[:13] == [Quality.GOOD] * 13
    assert qualities[14:] == [Quality.UNCERTAIN] * 6, "it answers, but it is dead inside"
    assert set(keeper.points) == {CHARGE, LEVEL}


@pytest.mark.parametrize("heart", [None, nan, 7.0])
@in_loop
async def test_a_heart_that_never_beats(heart: float | None) -> None:
    """Absent, unknown or fixed from the first moment: no trust beyond the time allowed."""
    clock, link, keeper = kept(heartbeat=Heartbeat("", "battery.heart", timeout=20.0))
    del link.values["battery.heart"]
    if heart is not None:
        link.values["battery.heart"] = heart
    qualities = []
    for _ in range(8):
        qualities.append((await keeper.read())[LEVEL].quality)
        clock.add(4.0)
    assert qualities == [Quality.GOOD] * 6 + [Quality.UNCERTAIN] * 2


@in_loop
async def test_flapping() -> None:
    """A link that comes and goes: readings are good or lost, never anything else, nothing hangs."""
    clock, link, keeper = kept()
    seen = set()
    for step in range(400):
        link.mode = "silent" if (step // 7) % 2 else "well"
        image = await keeper.read()
        seen.add(image[LEVEL].quality)
        await keeper.write([wish(clock, step % 10)])
        clock.add(4.0)
    assert seen == {Quality.GOOD, Quality.LOST}
    assert keeper.counters.connections > 10


@in_loop
async def test_a_slow_device_does_not_hold_up_a_cycle() -> None:
    """Ten seconds for an answer: a read gives the last image meanwhile, a write says busy."""
    clock = WireClock()
    link = FakeLink(clock)
    keeper = Keeper(link, clock, every=4.0, deadline=30.0, patience=0.05)
    gate = asyncio.Event()
    answer_at_once = link._answer

    async def slowly() -> None:
        await gate.wait()
        await answer_at_once()

    link._answer = slowly  # type: ignore[method-assign]
    assert (await keeper.read())[LEVEL].quality is Quality.LOST
    assert (await keeper.write([wish(clock, 1.0)]))[0].reason == "busy"
    assert (await keeper.read())[LEVEL].quality is Quality.LOST
    gate.set()
    await eventually(keeper, LEVEL, Quality.GOOD)
    assert (link.opened, link.visits) == (1, 1), "one visit, however often it was asked for"
    assert (await keeper.write([wish(clock, 1.0)]))[0].accepted
    gate.clear()
    clock.add(9.0)
    assert (await keeper.read())[LEVEL].quality is Quality.UNCERTAIN, "the last image grows old"
    await keeper.close()


@in_loop
async def test_reading_and_writing_at_once_do_not_mix() -> None:
    clock, link, keeper = kept()
    work: list[Awaitable[object]] = [keeper.read(), keeper.write([wish(clock, 1.0)]), keeper.read()]
    await asyncio.gather(*work)
    assert link.opened == 1
    await keeper.close()
    assert (await keeper.read())[LEVEL].quality is Quality.GOOD


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["well", "silent", "refuses connections", "broken", "rejects"]),
        st.sampled_from([0.0, 0.5, 1.0, 4.0, 9.0, 400.0, 3600.0, -3600.0]),
        st.sampled_from(["read", "write", "urgent", "close"]),
        st.sampled_from([nan, -1.0, 0.0, 0.004, 3.0, 10.0, 1e300]),
    ),
    max_size=40,
)


@settings(max_examples=200)
@given(ACTIONS)
def test_whatever_happens(actions: list[tuple[str, float, str, float]]) -> None:
    """Any order of troubles and clock jumps: nothing is raised, invented, or told out of bounds."""

    async def happen() -> None:
        clock, link, keeper = kept(fallback=0.5, budget=Budget(4.0, Limits(interval=5.0)))
        measured = {CHARGE: 1.0, LEVEL: 5.0, "battery.heart": 0.0}
        for mode, seconds, action, value in actions:
            link.mode = mode
            clock.add(seconds)
            told = len(link.told)
            if action == "read":
                image = await keeper.read()
                for name, reading in image.items():
                    assert isnan(reading.value) or reading.value == measured[name]
                    assert keeper.connected or reading.quality is Quality.LOST
                    assert not isnan(reading.value) or reading.quality >= Quality.BAD
            elif action == "close":
                await keeper.close()
            else:
                answer = (await keeper.write([wish(clock, value)], urgent=action == "urgent"))[0]
                assert not answer.accepted or 0.0 <= value <= 10.0
                assert answer.accepted or answer.reason
            for each in link.told[told:]:
                assert 0.0 <= each.value <= 10.0
                assert each.until > clock.now()
        link.mode = "well"
        clock.add(301.0)
        assert (await keeper.read())[LEVEL].quality is Quality.GOOD
        assert (await keeper.write([wish(clock, 7.0)], urgent=True))[0].accepted

    asyncio.run(happen())
