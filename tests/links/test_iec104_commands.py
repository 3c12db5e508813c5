"""Commands message by message: selection, age, range, and the cause given when refused."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.links.fakes import WireClock
from tests.links.masters import (
    BREAKER,
    MODE,
    NOW,
    TARGET,
    RawMaster,
    Wishes,
    asdu,
    causes,
    points,
    until,
)
from zeroplant.links.iec104 import Outstation, Settings
from zeroplant.links.iec104_asdu import Cause, Type, stamp

YES, NO = (Cause.CONFIRMATION, False), (Cause.CONFIRMATION, True)
SELECT = 0x80


Act = Callable[[RawMaster, WireClock, Outstation], Awaitable[None]]


def play(act: Act, wishes: Wishes | None = None, zone: str = "UTC") -> Wishes:
    """Let a master act on a station; what it made the plant do."""
    wishes = Wishes() if wishes is None else wishes

    async def run() -> None:
        clock = WireClock(NOW)
        station = Outstation(points(zone=zone), wishes, settings=Settings(), clock=clock)
        await station.open(port=0)
        try:
            async with RawMaster.on(station.port) as master:
                await act(master, clock, station)
        finally:
            await station.close()

    asyncio.run(run())
    return wishes


def set_point(value: float, how: int = 0, cause: int = 6, **more: int) -> bytes:
    return asdu(Type.SET_POINT, cause, TARGET, struct.pack("<fB", value, how), **more)


async def told(master: RawMaster, message: bytes) -> tuple[int, bool]:
    """Cause and sign of the answer."""
    return causes([await master.ask(message)])[0][1:]


def test_execute_after_select_and_termination() -> None:
    async def act(master: RawMaster, _: WireClock, __: Outstation) -> None:
        assert await told(master, set_point(5.0, SELECT)) == YES
        assert await told(master, set_point(5.0)) == YES
        assert causes([await master.message()]) == [(Type.SET_POINT, Cause.TERMINATION, False)]

    assert [each.value for each in play(act)] == [5.0]


def test_a_selection_times_out() -> None:
    async def act(master: RawMaster, clock: WireClock, _: Outstation) -> None:
        assert await told(master, set_point(5.0, SELECT)) == YES
        clock.add(30)
        assert await told(master, set_point(5.0)) == NO

    assert not play(act)


def test_another_value_than_selected_is_refused_and_ends_the_selection() -> None:
    async def act(master: RawMaster, _: WireClock, __: Outstation) -> None:
        assert await told(master, set_point(5.0, SELECT)) == YES
        assert await told(master, set_point(6.0)) == NO
        assert await told(master, set_point(5.0)) == NO

    assert not play(act)


def test_a_selection_is_cancelled() -> None:
    async def act(master: RawMaster, _: WireClock, __: Outstation) -> None:
        assert await told(master, set_point(5.0, SELECT)) == YES
        assert await told(master, set_point(5.0, cause=8)) == (9, False)
        assert await told(master, set_point(5.0, cause=8)) == (9, True)
        assert await told(master, set_point(5.0)) == NO

    assert not play(act)


def test_a_selection_belongs_to_its_connection_and_ends_with_it() -> None:
    async def act(master: RawMaster, _: WireClock, station: Outstation) -> None:
        async with RawMaster.on(station.port) as other:
            assert await told(other, set_point(5.0, SELECT)) == YES
            assert await told(master, set_point(5.0, SELECT)) == NO
            assert await told(master, set_point(5.0)) == NO
        await until(lambda: station.contact().connected == 1)
        assert await told(master, set_point(5.0, SELECT)) == YES

    assert not play(act)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "Europe/Berlin"])
def test_an_old_command_is_refused(zone: str) -> None:
    tz = points(zone=zone).tz

    async def act(master: RawMaster, _: WireClock, __: Outstation) -> None:
        for seconds, wanted in [(9, YES), (-9, YES), (11, NO), (3600, NO), (-11, NO)]:
            tag = stamp(NOW - timedelta(seconds=seconds), tz)
            message = asdu(Type.SINGLE_COMMAND_TIMED, 6, MODE, b"\x01" + tag)
            assert await told(master, message) == wanted, seconds
            if wanted == YES:
                assert (await master.message())[2] == Cause.TERMINATION

    assert len(play(act, zone=zone)) == 2


def test_age_is_counted_by_the_centre_s_own_clock_once_it_is_known() -> None:
    """Proves: a centre 40 s ahead can command once it has said so; an hour ahead it cannot."""

    async def act(master: RawMaster, _: WireClock, station: Outstation) -> None:
        theirs = NOW + timedelta(seconds=40)
        late = asdu(Type.CLOCK, 6, 0, stamp(NOW + timedelta(hours=1), points().tz))
        assert await told(master, late) == NO
        message = asdu(Type.SINGLE_COMMAND_TIMED, 6, MODE, b"\x01" + stamp(theirs, points().tz))
        assert await told(master, message) == NO
        assert await told(master, asdu(Type.CLOCK, 6, 0, stamp(theirs, points().tz))) == YES
        assert station.contact().clock_off == timedelta(seconds=40)
        assert await told(master, message) == YES

    assert len(play(act)) == 1


def test_each_centre_is_judged_by_its_own_clock() -> None:
    """One that is ahead makes no other's commands stale, nor its own after it dialled in anew."""
    zone = points().tz
    ahead = NOW + timedelta(seconds=40)

    def dated(when: datetime) -> bytes:
        return asdu(Type.SINGLE_COMMAND_TIMED, 6, MODE, b"\x01" + stamp(when, zone))

    async def act(master: RawMaster, _: WireClock, station: Outstation) -> None:
        assert await told(master, dated(NOW)) == YES
        await master.message()
        async with RawMaster.on(station.port) as other:
            assert await told(other, asdu(Type.CLOCK, 6, 0, stamp(ahead, zone))) == YES
            assert await told(other, dated(ahead)) == YES
            assert await told(master, dated(NOW)) == YES
            await master.message()
            assert await told(master, dated(ahead)) == NO
            assert station.contact().clock_off == timedelta(seconds=40)
        await until(lambda: station.contact().connected == 1)
        assert station.contact().clock_off is None
        async with RawMaster.on(station.port) as again:
            assert await told(again, dated(NOW)) == YES

    play(act)


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (asdu(39, 6, 1, b"\0"), (44, True)),
        (asdu(101, 6, 0, b"\5"), (44, True)),
        (set_point(5.0, cause=3), (45, True)),
        (asdu(100, 5, 0, b"\x14"), (45, True)),
        (asdu(102, 6, 1, b""), (45, True)),
        (set_point(5.0, address=2), (46, True)),
        (asdu(100, 6, 0, b"\x14", address=7), (46, True)),
        (asdu(Type.SET_POINT, 6, MODE, struct.pack("<fB", 1.0, 0)), (47, True)),
        (asdu(Type.SINGLE_COMMAND, 6, 99, b"\1"), (47, True)),
        (asdu(102, 5, 99, b""), (47, True)),
        (asdu(100, 6, 0, b"\x15"), NO),  # a group: there are none
        (asdu(Type.SINGLE_COMMAND, 6, MODE, bytes([1 | 9 << 2])), NO),  # a reserved qualifier
        (asdu(Type.DOUBLE_COMMAND, 6, BREAKER, b"\3"), NO),
        (set_point(float("inf"), SELECT), NO),
        (set_point(-20.1, SELECT), NO),
        (set_point(40.1, SELECT), NO),
        (set_point(40.0, SELECT | 1), NO),
        (set_point(40.0, SELECT), YES),
        (asdu(Type.TEST, 6, 0, b"\xaa\x55" + stamp(NOW, points().tz)), YES),
    ],
)
def test_every_refusal_has_its_cause(message: bytes, wanted: tuple[int, bool]) -> None:
    async def act(master: RawMaster, _: WireClock, __: Outstation) -> None:
        reply = await master.ask(message)
        assert causes([reply])[0] == (message[0], *wanted)
        assert reply[3:9] == message[3:9]  # addressed to who asked, for the object it asked of

    assert not play(act)


def test_a_command_for_a_test_is_confirmed_and_not_carried_out() -> None:
    async def act(master: RawMaster, _: WireClock, __: Outstation) -> None:
        message = bytearray(asdu(Type.SINGLE_COMMAND, 6, MODE, b"\1"))
        message[2] |= 0x80
        reply = await master.ask(bytes(message))
        assert reply[2] == 0x80 | Cause.CONFIRMATION

    assert not play(act)


def test_an_error_in_the_plant_is_a_refusal_and_the_line_stays() -> None:
    class Broken(Wishes):
        def __call__(self, command: object) -> bool:
            raise ZeroDivisionError

    async def act(master: RawMaster, _: WireClock, __: Outstation) -> None:
        message = asdu(Type.SINGLE_COMMAND, 6, MODE, b"\1")
        assert await told(master, message) == NO
        assert await told(master, message) == NO

    play(act, Broken())


@pytest.mark.parametrize(
    "asked", [asdu(Type.INTERROGATION, 6, 0, b"\x14", address=0xFFFF),
              asdu(Type.CLOCK, 6, 0, stamp(NOW, UTC), address=0xFFFF)],
)  # fmt: skip
def test_called_by_the_address_of_all_it_answers_with_its_own(asked: bytes) -> None:
    """IEC 60870-5-101 7.2.4: the global address is for the control direction alone."""

    async def act(master: RawMaster, _: WireClock, __: Outstation) -> None:
        confirmed = await master.ask(asked)
        assert (confirmed[2], confirmed[4:6]) == (Cause.CONFIRMATION, b"\1\0")
        while asked[0] == Type.INTERROGATION and confirmed[2] != Cause.TERMINATION:
            confirmed = await master.message()
            assert confirmed[4:6] == b"\1\0"

    play(act)
