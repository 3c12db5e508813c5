"""Set-points that a device would keep for ever: their fallback is written in time."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.links.fakes import in_loop, kept, wish
from zeroplant.links import Acknowledgement, Setpoint


@in_loop
async def test_fallback_is_written_when_a_setpoint_lapses_and_after_the_start() -> None:
    clock, link, keeper = kept(fallback=0.5)
    for _ in range(16):
        await keeper.read()
        clock.add(4.0)
    assert [each.value for each in link.told] == [0.5], "nobody set it in the first minute"
    await keeper.write([wish(clock, 7.0, seconds=20.0)])
    for _ in range(8):
        clock.add(4.0)
        await keeper.read()
    assert [each.value for each in link.told] == [0.5, 7.0, 0.5]
    assert keeper.counters.fallbacks == 2


@in_loop
async def test_what_was_set_is_at_its_fallback_after_a_stop() -> None:
    """The device has no timer of its own: nobody would put it back. What is not ours stays."""
    clock, link, keeper = kept(fallback=0.5)
    await keeper.open()
    await keeper.close()
    assert link.told == []
    await keeper.open()
    await keeper.write([wish(clock, 7.0)])
    await keeper.close()
    assert [each.value for each in link.told] == [7.0, 0.5]
    await keeper.close()
    assert [each.value for each in link.told] == [7.0, 0.5]


@pytest.mark.parametrize("end", ["lapses", "stopped"])
@in_loop
async def test_what_was_set_without_an_answer_lapses_too(end: str) -> None:
    """It came through and the answer was lost; nobody wishes for anything afterwards."""
    clock, link, keeper = kept(fallback=0.5)
    await keeper.open()
    clock.add(70.0)
    await keeper.read()
    assert [each.value for each in link.told] == [0.5], "nobody's value of before"
    tell = link.write

    async def mute(wishes: Sequence[Setpoint]) -> list[Acknowledgement]:
        await tell(wishes)
        raise TimeoutError

    link.write = mute  # type: ignore[method-assign]
    (answer,) = await keeper.write([wish(clock, 7.0)])
    assert (answer.accepted, [each.value for each in link.told]) == (False, [0.5, 7.0])
    link.write = tell  # type: ignore[method-assign]
    if end == "lapses":
        for _ in range(14):
            clock.add(4.0)
            await keeper.read()
        assert [each.value for each in link.told] == [0.5, 7.0], "it may still hold"
        clock.add(4.0)
        await keeper.read()
    else:
        assert not keeper.connected
        await keeper.close()
    assert [each.value for each in link.told] == [0.5, 7.0, 0.5]


@in_loop
async def test_a_lost_answer_prolongs_nothing() -> None:
    """Whether the old or the new set-point stands is not known: neither outlasts its end."""
    clock, link, keeper = kept(fallback=0.5)
    await keeper.read()
    await keeper.write([wish(clock, 3.0, seconds=20.0)])
    link.mode = "broken"
    clock.add(10.0)
    assert not (await keeper.write([wish(clock, 7.0, seconds=60.0)], urgent=True))[0].accepted
    link.mode = "well"
    clock.add(11.0)
    await keeper.read()
    assert [each.value for each in link.told] == [3.0, 0.5]
    await keeper.write([wish(clock, 7.0, seconds=60.0)])
    clock.add(50.0)
    await keeper.read()
    assert [each.value for each in link.told] == [3.0, 0.5, 7.0], "one that is taken has its time"


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
@in_loop
async def test_no_fallback_lapses_because_the_clock_was_set(jump: float) -> None:
    """The device keeps what it was told for as long as that was meant, however the clock jumps."""
    clock, link, keeper = kept(fallback=0.5)
    await keeper.read()
    await keeper.write([wish(clock, 3.0)])
    clock.add(20.0)
    clock.jump(jump)
    await keeper.read()
    assert [each.value for each in link.told] == [3.0]
    clock.add(41.0)
    await keeper.read()
    assert [each.value for each in link.told] == [3.0, 0.5]
