"""Messages against hat-drivers' codec, which we use for frames only; times there and back."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hat.drivers.iec60870.encodings import iec104
from hypothesis import given
from hypothesis import strategies as st

from tests.links.masters import asdu
from zeroplant.links.iec104_asdu import (
    LARGEST,
    Cause,
    MalformedError,
    Told,
    Type,
    answer,
    command,
    header,
    information,
    moment,
    stamp,
)

ZONES = [UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns")]
MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2098, 1, 1), timezones=st.just(UTC))
CODEC = iec104.encoder.Encoder()


@given(
    st.lists(st.tuples(st.integers(1, 0xFFFFFF), st.floats(width=32, allow_nan=False)), min_size=1),
    st.booleans(),
)
def test_values_are_read_by_another_codec(objects: list[tuple[int, float]], timed: bool) -> None:
    at = datetime(2026, 7, 1, 4, 30, 15, 250000, tzinfo=UTC)
    kind, time = (Type.MEASURED_TIMED, stamp(at, UTC)) if timed else (Type.MEASURED, b"")
    told = [Told(ioa, value, 0x80, time) for ioa, value in objects]
    found = []
    for message in information(kind, Cause.SPONTANEOUS, 7, told):
        assert len(message) <= LARGEST
        read, rest = CODEC.decode_asdu(message)
        assert not rest
        assert (read.type.value, read.address, read.cause.type.value) == (kind, 7, 3)
        for io in read.ios:
            element = io.elements[0]
            assert element.quality.invalid
            assert not element.quality.overflow
            found.append((io.address, element.value.value))
            assert (io.time is not None) == timed
            assert io.time is None or (io.time.hours, io.time.milliseconds) == (4, 15250)
    assert found == objects


@pytest.mark.parametrize(("kind", "states"), [(Type.SINGLE, (0, 1)), (Type.DOUBLE, (0, 1, 2))])
def test_states_are_read_by_another_codec(kind: Type, states: tuple[int, ...]) -> None:
    message = b"".join(information(kind, Cause.INTERROGATED, 1, [Told(5, s, 0x40) for s in states]))
    read, _ = CODEC.decode_asdu(message)
    assert [io.elements[0].value.value for io in read.ios] == list(states)
    assert all(io.elements[0].quality.not_topical for io in read.ios)


@given(st.floats(width=32, allow_nan=False), st.booleans(), MOMENTS)
def test_a_set_point_of_another_codec_is_read(value: float, select: bool, at: datetime) -> None:
    element = iec104.IoElement_C_SE_TC(value=iec104.FloatingValue(value), select=select)
    time, _ = stamp(at, UTC), None
    body = struct.pack("<fB", value, 0x80 if select else 0) + time
    cause = iec104.Cause(iec104.CauseType.ACTIVATION, False, False, 3)
    read, _ = CODEC.decode_asdu(asdu(Type.SET_POINT_TIMED, 6, 25089, body))
    io = iec104.IO(address=25089, elements=[element], time=read.ios[0].time)
    message = CODEC.encode_asdu(iec104.ASDU(iec104.AsduType.C_SE_TC, cause, 1, [io]))
    asked = command(bytes(message), UTC)
    assert (asked.ioa, asked.value, asked.select) == (25089, value, select)
    assert asked.time == at.replace(microsecond=at.microsecond // 1000 * 1000)


@given(MOMENTS, st.sampled_from(ZONES))
def test_a_moment_goes_there_and_back_in_every_zone(at: datetime, zone: ZoneInfo) -> None:
    """Also in the hour that is passed twice when summer time ends."""
    assert abs(moment(stamp(at, zone), zone) - at) < timedelta(milliseconds=1)


def test_the_hour_that_is_passed_twice() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for at in (first, first + timedelta(hours=1)):
        assert at.astimezone(berlin).hour == 2
        assert moment(stamp(at, berlin), berlin) == at


def test_an_answer_keeps_what_was_asked() -> None:
    asked = bytes.fromhex("32 01 86 09 0100 016200 0000a041 00")
    refused = answer(asked, Cause.CONFIRMATION, negative=True)
    assert refused == bytes.fromhex("32 01 c7 09 0100 016200 0000a041 00")
    assert header(asked).test


@given(st.binary(max_size=300), st.sampled_from(ZONES))
def test_noise_is_malformed_or_understood(noise: bytes, zone: ZoneInfo) -> None:
    for kind in (45, 46, 50, 58, 59, 63):
        try:
            header(noise)
            command(bytes([kind]) + noise[1:], zone)
        except MalformedError:
            pass
