"""The VEN before the twin's VTN, with the `openadr3` library as the other side of both."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.links.venues import NOW, event, scene
from zeroplant.links.openadr import Signal
from zeroplant.links.openadr_event import MalformedEventError, duration, signals


def test_intervals_follow_one_another_in_inside_units() -> None:
    (found,) = signals(event("P", 5000.0, 3000.0), "plant", NOW)
    first, second = found.spans
    assert (found.kind, found.unit) == ("dispatch", "MW")
    assert (first.start, first.until, first.value) == (NOW + timedelta(hours=1), second.start, 5.0)
    assert second.until == NOW + timedelta(hours=3)


def test_prices_levels_and_several_kinds_in_one_event() -> None:
    both = event("P", 0.35, kind="PRICE")
    both["payloadDescriptors"] = [{"payloadType": "PRICE", "units": "KWH", "currency": "CNY"}]
    both["intervals"][0]["payloads"] += [
        {"type": "SIMPLE", "values": [2]},
        {"type": "SOMETHING_NEW", "values": ["x"]},
        {"type": "SOMETHING_EMPTY", "values": []},
        {"type": "SOMETHING_BARE"},
    ]
    found = {each.kind: each for each in signals(both, "plant", NOW)}
    assert set(found) == {"price", "level"}
    assert found["price"].spans[0].value == pytest.approx(350.0)
    assert found["price"].unit == "CNY/MWh"
    assert found["level"].spans[0].value == 2


def test_an_event_from_now_on_without_an_end() -> None:
    period = {"start": "0000-00-00T00:00:00Z", "duration": "P9999Y"}
    (found,) = signals(event("P", 1.0, intervalPeriod=period), "plant", NOW)
    assert (found.spans[0].start, found.spans[0].until) == (NOW, None)


def test_a_random_start_is_each_ven_s_own_and_stays() -> None:
    period = {"start": "2026-07-01T09:00:00Z", "duration": "PT1H", "randomizeStart": "PT10M"}
    said = event("P", 1.0, 2.0, intervalPeriod=period)
    shifts = set()
    for ven in map(str, range(50)):
        first, second = signals(said, ven, NOW)[0].spans
        assert signals(said, ven, NOW)[0].spans[0] == first
        assert second.start == first.until
        shift = first.start - (NOW + timedelta(hours=1))
        assert timedelta() <= shift <= timedelta(minutes=10)
        shifts.add(shift)
    assert len(shifts) > 30


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("PT1H", 1),
        ("PT90M", 1.5),
        ("P1D", 24),
        ("P1W", 168),
        ("P1DT1H30M", 25.5),
        ("PT0.5S", 0.5 / 3600),
    ],
)
def test_durations(said: str, hours: float) -> None:
    assert duration(said) == timedelta(hours=hours)


@pytest.mark.parametrize(
    "change",
    [
        {"intervalPeriod": {}},
        {"intervalPeriod": {"start": "tomorrow"}},
        {"intervalPeriod": {"start": "2026-07-01T09:00:00Z", "duration": "an hour"}},
        {"intervalPeriod": {"start": "9999-12-31T23:00:00Z", "duration": "P3Y"}},
        {"intervals": [{"id": 0}]},
        {"intervals": [{"id": 0, "payloads": [{"type": "PRICE", "values": []}]}]},
        {"intervals": [{"id": 0, "payloads": [{"type": "PRICE", "values": ["much"]}]}]},
        {"intervals": [{"id": 0, "payloads": [{"type": "SIMPLE", "values": [7]}]}]},
        {"intervals": 3},
        {"payloadDescriptors": [{"payloadType": "DISPATCH_SETPOINT", "units": "HORSES"}]},
        {"priority": "high"},
    ],
)
def test_a_malformed_event_says_so(change: dict[str, Any]) -> None:
    with pytest.raises(MalformedEventError):
        signals(event("P", 5.0) | change, "plant", NOW)


def test_ten_thousand_malformed_events() -> None:
    """Whatever stands anywhere in an event: it is understood, or called malformed."""
    rng = random.Random(5)
    odd: list[Any] = [
        None, True, -1, 1e308, float("nan"), 10**400, "", "x", "P", "PT", [], {}, [[]], [None],
        {"type": 1}, "0000-00-00", "2026-13-01", "P99999999999Y",
    ]  # fmt: skip

    def spoil(value: Any) -> Any:
        if rng.random() < 0.15:
            return rng.choice(odd)
        if isinstance(value, dict):
            return {key: spoil(each) for key, each in value.items() if rng.random() > 0.03}
        return [spoil(each) for each in value] if isinstance(value, list) else value

    whole = event(
        "P", 5.0, 6.0, priority=1, eventName="n", reportDescriptors=[{"payloadType": "USAGE"}]
    )
    whole["intervalPeriod"]["randomizeStart"] = "PT5M"
    malformed = 0
    for _ in range(10_000):
        try:
            assert all(isinstance(each, Signal) for each in signals(spoil(whole), "plant", NOW))
        except MalformedEventError:
            malformed += 1
    assert 2_000 < malformed < 9_900


def test_new_changed_repeated_and_cancelled() -> None:
    async def run() -> None:
        async with scene() as (made, ven):
            first = made.put(5000.0)
            await ven.poll()
            await ven.poll()  # nothing new
            assert [each.spans[0].value for each in made.said] == [5.0]
            made.clock.at += timedelta(minutes=1)
            made.put(4000.0, identity=first)
            await ven.poll()
            assert [each.spans[0].value for each in made.said] == [5.0, 4.0]
            del made.vtn.objects["events"][first]
            await ven.poll()
            assert made.cancelled == [(first, "dispatch")]
            assert not ven.standing

    asyncio.run(run())


def test_what_begins_now_begins_once() -> None:
    async def run() -> None:
        async with scene() as (made, ven):
            made.put(5.0, intervalPeriod={"start": "0000-00-00", "duration": "PT1H"})
            for _ in range(3):
                await ven.poll()
                made.clock.at += timedelta(minutes=5)
            assert [each.spans[0].start for each in made.said] == [NOW]

    asyncio.run(run())


def test_what_has_ended_is_forgotten_without_a_word() -> None:
    async def run() -> None:
        async with scene() as (made, ven):
            made.put(5000.0)
            await ven.poll()
            made.clock.at += timedelta(hours=2)
            await ven.poll()
            assert not ven.standing
            assert not made.cancelled
            assert len(made.said) == 1

    asyncio.run(run())


def test_a_malformed_event_hides_no_other_and_does_not_undo_itself() -> None:
    async def run() -> None:
        async with scene() as (made, ven):
            kept = made.put(5000.0)
            await ven.poll()
            made.clock.at += timedelta(minutes=1)
            made.put(1.0, identity=kept, intervalPeriod={"start": "soon"})
            made.put(2.0, kind="SIMPLE")
            made.vtn.objects["events"]["odd"] = {"id": "odd"}
            await ven.poll()
            assert [each.kind for each in made.said] == ["dispatch", "level"]
            assert ven.standing[kept, "dispatch"].spans[0].value == 5.0
            assert not made.cancelled

    asyncio.run(run())


def test_while_the_server_is_away_what_was_said_stands() -> None:
    async def run() -> None:
        async with scene() as (made, ven):
            made.put(5000.0)
            await ven.poll()
            heard, port = ven.heard, made.vtn.port
            await made.vtn.close()
            with pytest.raises(aiohttp.ClientError):
                await ven.poll()
            assert ven.heard == heard
            assert ven.standing
            assert not made.cancelled
            await made.vtn.open(port)
            made.clock.at += timedelta(hours=1, seconds=1)  # the token has run out besides
            await ven.poll()
            assert ven.heard == made.clock.at

    asyncio.run(run())


def test_an_absent_server_is_asked_less_and_less_often() -> None:
    async def run() -> None:
        async with scene() as (made, ven):
            await made.vtn.close()
            waits: list[float] = []

            async def sleep(seconds: float) -> None:
                waits.append(seconds)
                if len(waits) == 8:
                    raise asyncio.CancelledError
                await asyncio.sleep(0)

            made.clock.sleep = sleep  # type: ignore[method-assign]
            with pytest.raises(asyncio.CancelledError):
                await ven.run()
            assert waits[:3] == [20, 40, 80]
            assert waits[-1] == 300

    asyncio.run(run())


def test_programs_targets_and_pages() -> None:
    async def run() -> None:
        async with scene(programs=["shed"], name="plant-1") as (made, ven):
            other = made.vtn.put("programs", {"programName": "other"})["id"]
            made.vtn.put("events", event(other, 1.0))
            made.put(2.0, targets=[{"type": "VEN_NAME", "values": ["plant-2"]}])
            made.put(3.0, targets=[{"type": "VEN_NAME", "values": ["plant-1"]}])
            made.put(4.0, targets=["group-7"])
            for _ in range(120):
                made.put(5.0)
            await ven.poll()
            values = sorted(each.spans[0].value for each in made.said)
            assert len(values) == 122
            assert values[:2] == [0.003, 0.004]

    asyncio.run(run())


def test_wrong_secret_and_wrong_answers() -> None:
    async def run() -> None:
        async with scene() as (made, ven):
            ven.secret = "wrong"
            with pytest.raises(OSError, match="no token: 401"):
                await ven.poll()
            ven.url = made.vtn.url + "/nowhere"
            with pytest.raises(OSError, match="404"):
                await ven.poll()

    asyncio.run(run())
