"""Each fault in a simulated morning ends safe: limits kept, an alarm, and work goes on after it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from zeroplant.store import Journal
from zeroplant.twin import kpi
from zeroplant.twin.faults import Asked, Fault, Trouble
from zeroplant.twin.prepare import Prepared
from zeroplant.twin.recorder import Kept
from zeroplant.twin.run import Simulation

RATING = 100.0
CYCLE = 10.0
DURING, AFTER = slice(360, 630), slice(720, None)
"""Cycles: while the fault lasts (from 1 h for 45 min), and from two hours on."""


def lived(
    county: Prepared, fault: Fault, orders: list[Asked] | None = None, **words: object
) -> Simulation:
    """Three hours in which something breaks after one."""
    trouble = Trouble(faults=[fault], orders=orders or [])
    run = Simulation(county, cycle=CYCLE, forecaster="persistence", trouble=trouble, **words)  # type: ignore[arg-type]
    run.run()
    return run


def assert_safe(run: Simulation) -> None:
    """No limit was left, nothing unserved, every balance closed, and the plant follows again."""
    account = run.twin.account
    assert account.violations == 0
    assert kpi.unserved_of(account) == pytest.approx(0.0, abs=1e-6)
    assert kpi.open_balance(account) < 1e-6
    off = np.abs(run.cycles.exported - run.cycles.achievable)[AFTER] / RATING
    assert np.quantile(off, 0.95) < 0.03


def raised(run: Simulation) -> set[str]:
    """Codes of alarms that were raised while the fault lasted."""
    begin = run.clock.start.timestamp() + 3600.0
    return {
        each.alarm.code
        for each in run.alarms
        if each.change == "raised" and begin <= each.at.timestamp() < begin + 3600.0
    }


def still_on(run: Simulation) -> set[str]:
    """Codes of alarms that were raised and not cleared by the end."""
    on: set[tuple[str, str]] = set()
    for each in run.alarms:
        name = (each.alarm.code, each.alarm.key)
        on = on | {name} if each.change == "raised" else on - {name}
    return {code for code, _ in on}


@pytest.mark.parametrize(
    ("kind", "device", "alarm"),
    [
        ("silent", "battery", "silent"),
        ("silent", "sun", "silent"),
        ("frozen", "sun", "frozen"),
        ("lies", "battery", "not following"),
        ("meter_lost", None, "silent"),
        ("flapping", "battery", "silent"),
        ("late", "wind", "silent"),
        ("offline", None, "silent"),
    ],
)
def test_a_broken_device_is_told_of_and_comes_back(
    county: Prepared, kind: str, device: str | None, alarm: str
) -> None:
    run = lived(county, Fault(kind=kind, device=device, at=1.0, lasts=0.75))  # type: ignore[arg-type]
    assert_safe(run)
    assert alarm in raised(run)
    assert alarm not in still_on(run)


@pytest.mark.parametrize(
    ("kind", "device"),
    [("noisy", "battery"), ("drift", "sun"), ("duplicated", None), ("clock_jump", "battery")],
)
def test_readings_that_are_a_little_wrong_do_no_harm(
    county: Prepared, kind: str, device: str | None
) -> None:
    assert_safe(lived(county, Fault(kind=kind, device=device, at=1.0, lasts=0.75)))  # type: ignore[arg-type]


@pytest.mark.parametrize("hours", [1.0, -1.0])
def test_the_controllers_own_clock_may_jump(county: Prepared, hours: float) -> None:
    run = lived(county, Fault(kind="clock_jump", at=1.0, lasts=0.75, amount=hours))
    assert_safe(run)


def test_while_the_dispatch_centre_is_lost_the_fail_safe_limit_holds(county: Prepared) -> None:
    asked = [Asked(kind="most export", value=5.0, at=0.1, lasts=2.9)]
    run = lived(county, Fault(kind="centre_lost", at=0.5, lasts=2.0), asked)
    assert_safe(run)
    heard, lost = run.cycles.exported[54:180], run.cycles.exported[216:900]
    assert heard.max() < 5.0 + 0.03 * RATING
    assert lost.max() < run.settings.fail_safe_export + 0.03 * RATING
    changes = [
        (each.change, (each.at - run.clock.start).total_seconds() / 3600.0)
        for each in run.alarms
        if each.alarm.code == "dispatch centre lost"
    ]
    assert [change for change, _ in changes] == ["raised", "cleared"]
    assert changes[0][1] == pytest.approx(0.5 + 2.0 / 60.0, abs=0.01)
    assert changes[1][1] == pytest.approx(2.5 + 2.0 / 60.0, abs=0.01)


def test_of_contradictory_commands_the_higher_holds(county: Prepared) -> None:
    asked = [Asked(kind="target", value=-10.0, at=0.5, lasts=2.0)]
    run = lived(county, Fault(kind="contradictory", at=1.0, lasts=0.75), asked)
    assert_safe(run)
    assert "contradiction" in raised(run)
    assert np.nanmedian(run.cycles.target[DURING]) == pytest.approx(-10.0, abs=1.0)


@pytest.mark.parametrize("kind", ["solver_slow", "solver_crash", "no_weather"])
def test_without_a_solver_the_last_schedule_holds(county: Prepared, kind: str) -> None:
    run = lived(county, Fault(kind=kind, at=1.0, lasts=0.75))  # type: ignore[arg-type]
    assert_safe(run)
    if kind == "solver_slow":
        assert {"kept", "optimal"} <= {schedule.status for schedule in run.schedules}
    if kind == "solver_crash":
        assert len(run.schedules) == 12 - 3
    if kind != "no_weather":
        assert "schedule refused" in raised(run)
        assert "schedule refused" not in still_on(run)


def test_a_full_disk_loses_no_record(county: Prepared, tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    run = lived(county, Fault(kind="disk_full", at=1.0, lasts=0.75), recorder=kept)
    assert_safe(run)
    assert kept.recording.lost == 0
    assert "disk" in raised(run)
    journal = Journal(tmp_path / "journal")
    assert journal.verify().intact
    minutes = [record for record in journal.read() if record.kind == "observation"]
    assert len(minutes) == 180


def test_what_turns_out_otherwise_is_planned_anew_within_the_quarter_hour(
    county: Prepared,
) -> None:
    """A battery that is away cannot give what was planned: plans follow, but not every cycle."""
    trouble = Trouble(faults=[Fault(kind="silent", device="battery", at=0.3, lasts=0.6)])
    run = Simulation(replace(county, days=0.0625), cycle=CYCLE, trouble=trouble)  # type: ignore[arg-type]
    run.run()
    within = [made for made, _ in run.planned if made.minute % 15 or made.second]
    assert 0 < len(within) <= 4 * 6
    for made in within:
        last = round((made - run.clock.start).total_seconds() / CYCLE) - 1
        off = np.abs(run.cycles.target - run.cycles.achievable)[last - 1 : last + 1]
        assert off.min() > 0.02 * RATING
    quarters = run.cycles.planned.reshape(6, -1)
    assert all(np.ptp(each[np.isfinite(each)]) == 0.0 for each in quarters)
