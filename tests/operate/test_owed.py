"""What is owed: read from a file, kept while it is wrong, planned for, and judged when over."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.operate.by_hand import house, standing
from tests.operate.small_plant import START, small_network
from zeroplant.operate.capability import Envelope
from zeroplant.operate.commitments import Commitment
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.orders import FAIL_SAFE, Order, OrderKind, Source
from zeroplant.operate.owed import Owed
from zeroplant.operate.recording import Recording
from zeroplant.operate.scheduler import Scheduler, Settings
from zeroplant.store import Batch, Journal

HOUR = timedelta(hours=1)
NINE = START + 9 * HOUR
"""Of a Sunday in China: 17:00 on the plant's clock."""
ZONE = "Asia/Shanghai"


class Running:
    """A folder, its records, and what is owed by a file in it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "commitments.yaml"
        self.recording = Recording(PlantFolder(folder / "data"))
        self.owed = self.begin()
        self.stamp = 1

    def begin(self) -> Owed:
        self.owed = Owed(self.recording, ZONE, file=self.path)
        self.owed.stand(standing(small_network()))
        return self.owed

    def write(self, text: str) -> None:
        self.path.write_text(text)
        self.stamp += 1
        os.utime(self.path, (self.stamp, self.stamp))

    def exported(self, export: float, days: int = 0, called: float = 0.0) -> None:
        """Values of every minute of the days before START and of its own day.

        From nine to eleven of START's day it is ``called`` MW more.
        """
        start, count = START - timedelta(days=days), (days + 1) * 1440
        events = np.datetime64(start.replace(tzinfo=None), "us") + np.arange(
            count
        ) * np.timedelta64(1, "m")
        values = np.full(count, export)
        nine = np.datetime64(NINE.replace(tzinfo=None))
        values[(events >= nine) & (events < nine + np.timedelta64(2, "h"))] += called
        for name, each in (("grid.export", values), ("grid.import", -values)):
            batch = Batch([name] * count, events, np.maximum(each, 0.0), events[-1],
                          quality=0, source="test")  # fmt: skip
            self.recording.history.append(batch)

    def follow(self, *moments: datetime, orders: Sequence[Order] = ()) -> None:
        for now in moments:
            self.owed.follow(now, orders)

    def end(self, folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """What stands in the folder, and what in the journal."""
        self.recording.close()
        listed = json.loads((folder / "data" / "commitments.json").read_text())["list"]
        records = Journal(folder / "data" / "journal").read()
        return listed, [dict(r.payload) for r in records if r.kind == "commitment"]


def written(kind: str, value: str, start: str = "17:00", until: str = "19:00") -> str:
    return (
        f"commitments:\n  - {{name: evening, kind: {kind}, start: 2025-06-01T{start}, "
        f"until: 2025-06-01T{until}, {value}, price: 800 CNY/MWh}}\n"
    )


def test_a_promise_goes_from_ahead_to_kept(tmp_path: Path) -> None:
    """10 MW promised for two hours on the plant's clock, 9 MW delivered: 2 of 60 MW are slack.

    9 MW lie within 1.2 MW (2 % of the connection) of 10 MW: nothing is missed.
    """
    running = Running(tmp_path)
    running.write(written("schedule", "value: 10 MW"))
    running.exported(9.0)
    running.follow(NINE - HOUR)
    (owed,) = running.owed.newest
    assert (owed.start, owed.until, owed.value, owed.price) == (NINE, NINE + 2 * HOUR, 10.0, 800.0)
    running.follow(NINE, NINE + 2 * HOUR)
    assert running.owed.newest == ()
    running.follow(NINE + 2 * HOUR + timedelta(seconds=12))
    listed, records = running.end(tmp_path)
    assert [each["state"] for each in records] == ["running", "kept"]
    (one,) = listed
    assert one["state"] == "kept"
    assert one["delivered"] == pytest.approx(18.0)
    assert one["share"] == 1.0


@pytest.mark.parametrize(
    ("kind", "export", "share"),
    [
        ("schedule", 3.8, 0.5),  # 10 - 1.2 - 3.8 = 5 of 10 MW missed
        ("schedule", 16.2, 0.5),  # 16.2 - 10 - 1.2 = 5 over
        ("at least", 3.8, 0.5),
        ("at least", 16.2, 1.0),
        ("at most", 16.2, 0.5),
        ("at most", 3.8, 1.0),
    ],
)
def test_what_is_missed_is_what_the_plan_would_pay_for(
    tmp_path: Path, kind: str, export: float, share: float
) -> None:
    running = Running(tmp_path)
    running.write(written(kind, "value: 10 MW"))
    running.exported(export)
    running.follow(NINE, NINE + 3 * HOUR, NINE + 3 * HOUR + timedelta(seconds=4))
    ((one,), _) = running.end(tmp_path)
    assert one["share"] == pytest.approx(share)
    assert one["state"] == ("kept" if share > 0.8 else "broken")


@pytest.mark.parametrize(("called", "state"), [(4.5, "kept"), (3.0, "broken"), (7.0, "broken")])
def test_a_response_is_judged_by_its_baseline(tmp_path: Path, called: float, state: str) -> None:
    """20 MW as ever, 5 MW less promised: 4.5 MW are 90 %, 3 MW 60 % and 7 MW 140 % of it.

    The plan is told before: at least 5 - 20 = -15 MW of net export in each quarter-hour.
    """
    running = Running(tmp_path)
    running.write(written("response", "value: 5 MW"))
    running.exported(-20.0, days=14, called=called)
    running.follow(NINE - HOUR, NINE - HOUR + timedelta(seconds=4))
    (owed,) = running.owed.newest
    assert owed.kind == "at least"
    assert owed.value == pytest.approx(np.full(8, -15.0))
    running.follow(NINE, NINE + 3 * HOUR, NINE + 3 * HOUR + timedelta(seconds=4))
    ((one,), _) = running.end(tmp_path)
    assert (one["state"], one["method"]) == (state, "like days")
    assert one["share"] == pytest.approx(called / 5.0)
    assert one["delivered"] == pytest.approx(2 * called)


def test_a_reserve_is_kept_by_what_was_ready(tmp_path: Path) -> None:
    """10 MW for two hours; 10 MW were ready in six quarter-hours and 4 MW in two: 85 %."""
    running = Running(tmp_path)
    running.write(written("reserve up", "value: 10 MW, hours: 2 h"))
    running.follow(NINE)
    for quarter in range(8):
        made = NINE + quarter * timedelta(minutes=15)
        ready = 12.0 if quarter < 6 else 4.0
        side = np.full((2, 1), ready)
        running.owed.ready(
            Envelope(made, (1.0, 4.0), (0.9,), side, 0 * side, side, 0 * side, side, 40)
        )
        running.follow(made)
        if quarter == 4:  # a restart forgets nothing
            running.recording.close()
            running.recording = Recording(PlantFolder(tmp_path / "data"))
            running.begin()
            running.follow(made + timedelta(seconds=4))
    running.follow(NINE + 3 * HOUR, NINE + 3 * HOUR + timedelta(seconds=4))
    ((one,), _) = running.end(tmp_path)
    assert one["share"] == pytest.approx((6 * 10 + 2 * 4) / 80)
    assert one["state"] == "kept"


def test_a_file_that_is_wrong_changes_nothing(tmp_path: Path) -> None:
    """Problems are said in one line; what stood there before still counts, until it is mended."""
    running = Running(tmp_path)
    running.write(written("at most", "value: 10 MW"))
    running.follow(NINE - HOUR)
    before = running.owed.newest
    running.write(written("at must", "value: 10 MW"))
    running.follow(NINE - HOUR + timedelta(seconds=10))
    assert running.owed.newest is before
    assert "commitments.yaml:2" in running.owed.problem
    assert "\n" not in running.owed.problem
    assert running.owed.troubles() == [("fault", "commitments", running.owed.problem)]
    running.write(written("at most", "value: 12 MW"))
    running.follow(NINE - HOUR + timedelta(seconds=90))
    assert [each.value for each in running.owed.newest] == [12.0]
    assert running.owed.troubles() == []
    running.recording.close()


def test_a_promise_that_is_over_is_not_judged_twice(tmp_path: Path) -> None:
    """Another controller on the same folder, and the same file touched again."""
    running = Running(tmp_path)
    running.write(written("schedule", "value: 10 MW"))
    running.exported(10.0)
    late = NINE + 3 * HOUR
    running.follow(NINE, late, late + timedelta(seconds=4))
    running.write(written("schedule", "value: 10 MW"))
    running.follow(late + timedelta(seconds=10), late + timedelta(seconds=30))
    running.recording.close()
    running.recording = Recording(PlantFolder(tmp_path / "data"))
    running.begin()
    running.follow(late + timedelta(minutes=1), late + timedelta(minutes=2))
    listed, records = running.end(tmp_path)
    assert [each["state"] for each in listed] == ["kept"]
    assert [each["state"] for each in records] == ["running", "kept"]


def test_what_cannot_be_measured_is_unknown_and_tried_again(tmp_path: Path) -> None:
    """Nobody has broken a promise because a history could not be read."""
    running = Running(tmp_path)
    running.write(written("schedule", "value: 10 MW"))
    running.exported(10.0)
    late = NINE + 3 * HOUR
    judge = running.owed._judge
    assert judge is not None
    delivery, tried = judge.delivery, []

    def unreadable(*_: Any) -> Any:
        tried.append(1)
        message = "the history cannot be read"
        raise OSError(message)

    judge.delivery = unreadable  # type: ignore[method-assign]
    running.follow(NINE, late, late + timedelta(seconds=4))
    assert [each["state"] for each in running.owed._over] == ["unknown"]
    running.follow(late + timedelta(minutes=30), late + timedelta(minutes=62))
    assert len(tried) == 2
    judge.delivery = delivery  # type: ignore[method-assign]
    running.follow(late + timedelta(minutes=63), late + timedelta(minutes=125))
    listed, records = running.end(tmp_path)
    assert [each["state"] for each in listed] == ["kept"]
    assert [each["state"] for each in records] == ["running", "unknown", "kept"]


def test_the_file_is_read_beside_the_loop_and_taken_in_by_it(tmp_path: Path) -> None:
    """A worker only parses: nothing of what is owed changes under a cycle."""
    running, waiting = Running(tmp_path), []
    running.owed._do = waiting.append
    running.write(written("at most", "value: 10 MW"))
    running.follow(NINE - HOUR)
    (work,) = waiting
    work()
    assert running.owed._written == {}
    running.follow(NINE - HOUR + timedelta(seconds=1))
    assert len(running.owed._written) == 1
    running.recording.close()


def order(
    kind: OrderKind,
    value: float,
    start: datetime,
    lasts: timedelta = HOUR,
    source: Source = "dispatch centre",
    *,
    key: str = "",
    standing: bool = False,
) -> Order:
    return Order(source, kind, value, start, start + lasts, key, standing)


def test_orders_are_promises_of_the_planner(tmp_path: Path) -> None:
    """By whole quarter-hours; one that stands counts as far as plans look; devices are none."""
    running = Running(tmp_path)
    now = NINE + timedelta(minutes=7)
    orders = [
        order("target", 12.0, now, timedelta(minutes=15)),
        order("most export", 20.0, now, timedelta(minutes=2), key=FAIL_SAFE, standing=True),
        order("least export", -8.0, now + HOUR, source="contract", key="P: E"),
        order("device", 5.0, now, key="battery.charge"),
    ]
    running.follow(now, orders=orders)
    found = {each.name: each for each in running.owed.newest}
    target = found["dispatch centre: target"]
    assert (target.kind, target.start, target.until) == ("schedule", NINE, NINE + HOUR / 2)
    limit = found[f"dispatch centre: {FAIL_SAFE} most export"]
    assert (limit.kind, limit.until - NINE) == ("at most", timedelta(hours=24))
    later = found["contract: P: E (2025-06-01 18:07)"]
    assert (later.kind, later.start) == ("at least", now + HOUR)
    assert len(found) == 3
    assert target.price > later.price
    running.recording.close()


def test_a_set_point_that_is_led_does_not_plan_each_time_anew(tmp_path: Path) -> None:
    """Every 4 s another value: the planner hears of it once a minute, of its end at once."""
    running = Running(tmp_path)
    heard: list[tuple[Commitment, ...]] = []
    for n in range(45):
        now = NINE + n * timedelta(seconds=4)
        running.follow(now, orders=[order("target", 10.0 + 0.1 * n, NINE)])
        if not heard or running.owed.newest is not heard[-1]:
            heard.append(running.owed.newest)
    assert [each[0].value for each in heard] == pytest.approx([10.0, 11.5, 13.0])
    running.follow(NINE + timedelta(minutes=3, seconds=4))
    assert running.owed.newest == ()
    running.exported(11.0)
    running.follow(NINE + timedelta(minutes=4))
    ((one,), _) = running.end(tmp_path)
    assert one["until"] == (NINE + timedelta(minutes=3, seconds=4)).isoformat()
    assert one["state"] == "kept"  # by the minute, each against the value of its moment
    assert one["delivered"] == pytest.approx(11.0 * 3 / 60)


def test_an_order_changes_the_plan_and_not_only_the_cycle(tmp_path: Path) -> None:
    """The house would buy 5 MW for its load; at most 2 MW may be bought from quarter 4 to 8."""
    net = house()
    plant = standing(net, level=10.0)
    begin = net.axis.start
    scheduler = Scheduler(plant, Settings(futures=1, margin=0.0))
    before = scheduler.plan(begin, {"level": 10.0}, {})
    assert before.target == pytest.approx(np.full(16, -5.0))
    running = Running(tmp_path)
    quarter = net.axis.step
    running.follow(
        begin,
        orders=[order("least export", -2.0, begin + 4 * quarter, 4 * quarter, "contract", key="E")],
    )
    after = scheduler.plan(begin, {"level": 10.0}, {}, running.owed.newest)
    assert after.target[4:8] == pytest.approx(np.full(4, -2.0), abs=1e-5)
    assert after.target[8:] == pytest.approx(np.full(8, -5.0), abs=1e-5)
    assert after.level["level"][7] == pytest.approx(10.0 - 3.0)
    assert after.shortfall == {}
    running.recording.close()


def test_days_that_the_market_accepted_are_owed(tmp_path: Path) -> None:
    """What was told of a day is owed only where the file accepts it."""
    running = Running(tmp_path)
    days = running.recording.folder.days_ahead
    days.mkdir(parents=True)
    for day in ("2025-06-02", "2025-06-03"):
        said = {"made": NINE.isoformat(), "date": day, "step": 900.0,
                "power": [1.0] * 96, "price": [None] * 96}  # fmt: skip
        (days / f"{day}.json").write_text(json.dumps(said))
    (days / "2025-06-04.json").write_text("{half")
    market = "market: {closes: '10:00', price: 500 CNY/MWh, tolerance: 1 MW, accepted: %s}\n"
    running.write(market % "[2025-06-03]")
    running.follow(NINE)
    (owed,) = running.owed.newest
    assert owed.name == "schedule of 2025-06-03"
    assert owed.start == datetime(2025, 6, 2, 16, tzinfo=UTC)
    assert (owed.price, owed.tolerance, len(np.atleast_1d(owed.value))) == (500.0, 1.0, 96)
    running.write(market % "all")
    running.follow(NINE + timedelta(seconds=10))
    assert len(running.owed.newest) == 2
    running.recording.close()
