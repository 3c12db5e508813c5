"""The plant's time goes on evenly, whatever is done to the machine's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from zeroplant.operate.steady import SteadyClock

START = datetime(2025, 3, 30, 0, 30, tzinfo=UTC)  # Europe changes its clocks an hour later


class Set:
    """A clock that somebody sets."""

    def __init__(self) -> None:
        self.at, self.count = START, 0.0

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError

    def passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.count += seconds


@pytest.mark.parametrize("jump", [3600.0, -3600.0, 86400.0])
def test_a_jump_moves_nothing_at_first_and_is_told(jump: float) -> None:
    machine = Set()
    clock = SteadyClock(machine, monotonic=lambda: machine.count)
    machine.at += timedelta(seconds=jump)
    before = clock.now()
    for _ in range(70):
        machine.passes(4.0)
        now = clock.now()
        assert (now - before).total_seconds() == pytest.approx(4.0)
        before = now
    assert clock.jumped
    assert clock.apart == pytest.approx(jump)
    for _ in range(10):
        machine.passes(4.0)
        now = clock.now()
    assert now == machine.now()  # it was meant so
    assert clock.moved == 1
    assert not clock.jumped


def test_it_follows_a_machine_that_drifts() -> None:
    machine = Set()
    clock = SteadyClock(machine, monotonic=lambda: machine.count)
    for _ in range(1000):
        machine.count += 4.0
        machine.at += timedelta(seconds=4.0 * 1.0001)
        clock.now()
    assert abs(clock.apart) < 0.01
