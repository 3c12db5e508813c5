"""Orders from outside, measured when they are over: baseline, share, what is kept and reported."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.links.masters import until
from tests.operate.small_plant import START, plan, small_network
from tests.operate.test_callers import SECRET, Hands, write
from zeroplant.operate import event
from zeroplant.operate.callers import Callers
from zeroplant.operate.callers_file import read_callers
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.orders import FAIL_SAFE, Order, OrderKind, Source
from zeroplant.operate.recording import Recording
from zeroplant.operate.responses import Responses
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.worker import Work
from zeroplant.store import Batch, Journal
from zeroplant.twin.wire.vtn import Vtn

BEGIN = START + timedelta(hours=9, minutes=5)
LASTING = timedelta(hours=2)


def metered(recording: Recording, days: int, called: float, before: float = 20.0) -> None:
    """Import of every five minutes: as ``before``, and ``called`` while the event goes on."""
    start = START - timedelta(days=days)
    count = (days + 1) * 288
    events = np.datetime64(start.replace(tzinfo=None), "us") + np.arange(count) * np.timedelta64(
        5, "m"
    )
    begin, end = (np.datetime64(t.replace(tzinfo=None)) for t in (BEGIN, BEGIN + LASTING))
    values = np.where((events >= begin) & (events < end), called, before)
    for name, each in (("grid.import", values), ("grid.export", 0 * values)):
        recording.history.append(
            Batch([name] * count, events, each, events[-1], quality=0, source="test")
        )


def called(responses: Responses, order: Order, schedule: Schedule | None, cycle: timedelta) -> None:
    """The cycles around an order."""
    responses.stand(small_network())
    now = BEGIN - cycle
    while now < order.until + timedelta(minutes=2):
        responses.look(now, [order], schedule)
        now += cycle


def order(kind: OrderKind, value: float, source: Source = "contract", key: str = "P: E") -> Order:
    return Order(source, kind, value, BEGIN, BEGIN + LASTING, key)


def kept(folder: Path) -> list[dict[str, object]]:
    return list(json.loads((folder / "responses.json").read_text())["responses"])


def test_an_event_is_measured_against_like_days(tmp_path: Path) -> None:
    """20 MW as ever, at most 12 MW wanted, 12.4 MW drawn: 7.6 of 8 MW, 95 % of the award."""
    recording = Recording(PlantFolder(tmp_path))
    metered(recording, 14, 12.4)
    responses = Responses(recording, "UTC")
    called(responses, order("least export", -12.0), plan(-20.0), timedelta(seconds=30))
    responses.close()
    recording.close()
    (one,) = kept(tmp_path)
    assert one["method"] == "like days"
    assert one["direction"] == "reduce"
    assert one["first"] == (START + timedelta(hours=9, minutes=15)).isoformat()
    assert one["awarded_energy"] == pytest.approx(8.0 * 1.75)  # its whole quarter-hours
    assert one["measured_energy"] == pytest.approx(7.6 * 1.75)
    assert one["steps"]["share"] == pytest.approx([0.95] * 7)  # type: ignore[index]
    assert one["valid_share"] == 1.0
    records = [r for r in Journal(tmp_path / "journal").read() if r.kind == "response"]
    assert records[0].payload["paid_energy"] == one["paid_energy"]


@pytest.mark.parametrize(("drawn", "share"), [(12.0, 1.0), (9.0, 1.0), (4.0, 1.0), (13.0, 0.0)])
def test_a_limit_is_kept_by_who_stays_below(tmp_path: Path, drawn: float, share: float) -> None:
    """At most 12 MW of import, where 20 MW is usual: how far below is nobody's business."""
    recording = Recording(PlantFolder(tmp_path))
    metered(recording, 14, drawn)
    responses = Responses(recording, "UTC")
    called(responses, order("least export", -12.0), plan(-20.0), timedelta(seconds=30))
    responses.close()
    recording.close()
    (one,) = kept(tmp_path)
    assert one["valid_share"] == share


@pytest.mark.parametrize("restarted", [False, True])
def test_what_the_meter_brings_later_counts(tmp_path: Path, restarted: bool) -> None:
    """Silent during the event it has not responded; when it has told all, it has, and is told."""
    recording, hour = Recording(PlantFolder(tmp_path)), timedelta(hours=1)
    metered(recording, 14, np.nan)
    responses = Responses(recording, "UTC")
    called(responses, order("least export", -12.0), plan(-20.0), timedelta(minutes=1))
    (said,) = responses.finished()
    assert np.isnan(said.metered).all()
    if restarted:
        responses.close()
        recording.close()
        recording = Recording(PlantFolder(tmp_path))
        responses = Responses(recording, "UTC")
        responses.stand(small_network())
    for count in range(2, 5):
        responses.look(BEGIN + LASTING + count * hour, [], None)
    assert responses.finished() == []  # nothing new is no news
    metered(recording, 0, 12.0)
    for count in range(5, 60):
        responses.look(BEGIN + LASTING + count * hour, [], None)
    (said,) = responses.finished()
    assert np.isfinite(said.metered).all()
    responses.close()
    recording.close()
    (one,) = kept(tmp_path)
    assert (one["valid_share"], one["measured_energy"]) == (1.0, pytest.approx(8.0 * 1.75))
    records = [r for r in Journal(tmp_path / "journal").read() if r.kind == "response"]
    assert len(records) == 2
    assert event.read(PlantFolder(tmp_path).events) == ([], [])


def test_half_of_what_was_asked_does_not_count(tmp_path: Path) -> None:
    recording = Recording(PlantFolder(tmp_path))
    metered(recording, 14, 16.0)
    responses = Responses(recording, "UTC")
    called(responses, order("least export", -12.0), None, timedelta(minutes=1))
    responses.close()
    recording.close()
    (one,) = kept(tmp_path)
    assert one["valid_share"] == 0.0
    assert one["paid_energy"] == 0.0


def test_without_like_days_the_schedule_is_the_baseline(tmp_path: Path) -> None:
    """The centre wants 5 MW of export where 20 MW of import were planned."""
    recording = Recording(PlantFolder(tmp_path))
    metered(recording, 0, -5.0)
    responses = Responses(recording, "UTC")
    told = order("target", 5.0, "dispatch centre", "")
    called(responses, told, plan(-20.0), timedelta(minutes=1))
    responses.close()
    recording.close()
    (one,) = kept(tmp_path)
    assert one["method"] == "schedule"
    assert one["steps"]["awarded"] == pytest.approx([25.0] * 7)  # type: ignore[index]
    assert one["valid_share"] == 1.0


@pytest.mark.parametrize("back", [timedelta(hours=1, seconds=30), timedelta(hours=3)])
def test_an_event_that_goes_on_over_a_restart_is_measured_as_one(
    tmp_path: Path, back: timedelta
) -> None:
    """Control stops after an hour of two; it is back at once, or when the order has lapsed."""
    recording = Recording(PlantFolder(tmp_path))
    metered(recording, 14, 12.4)
    told, minute = order("least export", -12.0), timedelta(minutes=1)
    responses = Responses(recording, "UTC")
    responses.stand(small_network())
    for minutes in range(61):
        responses.look(BEGIN + minutes * minute, [told], plan(-20.0))
    responses.close()
    recording.close()
    assert not (tmp_path / "responses.json").exists()
    recording = Recording(PlantFolder(tmp_path))
    responses = Responses(recording, "UTC")
    responses.stand(small_network())
    now = BEGIN + back
    while now < BEGIN + timedelta(hours=4):
        responses.look(now, [told], plan(-20.0))
        now += minute
    responses.close()
    recording.close()
    (one,) = kept(tmp_path)
    assert (one["start"], one["end"]) == (BEGIN.isoformat(), told.until.isoformat())
    assert one["awarded_energy"] == pytest.approx(8.0 * 1.75)
    assert one["measured_energy"] == pytest.approx(7.6 * 1.75)
    assert event.read(PlantFolder(tmp_path).events) == ([], [])


def test_what_was_over_when_control_was_killed_is_measured_once(tmp_path: Path) -> None:
    """Killed before it is measured: after the restart it is. Killed after: not a second time."""
    recording = Recording(PlantFolder(tmp_path))
    metered(recording, 14, 12.4)
    not_done: list[Work] = []
    called(Responses(recording, "UTC", do=not_done.append), order("least export", -12.0),
           plan(-20.0), timedelta(minutes=1))  # fmt: skip
    recording.close()
    assert len(not_done) == 1
    for _ in range(2):
        kept_events = PlantFolder(tmp_path).events.read_bytes()
        recording = Recording(PlantFolder(tmp_path))
        responses = Responses(recording, "UTC")
        responses.stand(small_network())
        responses.look(BEGIN + timedelta(hours=3), [], None)
        responses.close()
        recording.close()
        PlantFolder(tmp_path).events.write_bytes(kept_events)
        assert len(kept(tmp_path)) == 1


@pytest.mark.parametrize(
    ("kind", "value", "source", "key"),
    [
        ("target", -20.0, "dispatch centre", ""),  # what was planned anyway
        ("most export", 5.0, "dispatch centre", ""),
        ("most export", -30.0, "dispatch centre", FAIL_SAFE),
        ("target", 5.0, "person", ""),
        ("device", 5.0, "dispatch centre", "battery.charge"),
    ],
)
def test_what_is_no_event(
    tmp_path: Path, kind: OrderKind, value: float, source: Source, key: str
) -> None:
    recording = Recording(PlantFolder(tmp_path))
    responses = Responses(recording, "UTC")
    called(responses, order(kind, value, source, key), plan(-20.0), timedelta(minutes=1))
    responses.close()
    recording.close()
    assert not (tmp_path / "responses.json").exists()


def test_a_day_with_an_event_is_no_like_day(tmp_path: Path) -> None:
    """The first event of the plant's life is remembered over a restart."""
    yesterday = {"start": (BEGIN - timedelta(days=1)).isoformat(),
                 "end": (BEGIN + LASTING - timedelta(days=1)).isoformat()}  # fmt: skip
    for before, method in (([], "like days"), ([yesterday], "hour before")):
        folder = tmp_path / method
        recording = Recording(PlantFolder(folder))
        metered(recording, 1, 12.0)
        (folder / "responses.json").write_text(json.dumps({"responses": before}))
        responses = Responses(recording, "UTC")
        called(responses, order("least export", -12.0), None, timedelta(minutes=1))
        responses.close()
        (found,) = responses.finished()
        assert found.baseline == pytest.approx(20.0)
        assert responses._kept[-1]["method"] == method
        recording.close()


def test_usage_is_reported_to_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative dispatch: 8 MW more than planned; measured, and told to who wanted it."""
    monkeypatch.setenv(SECRET, "plant-secret")
    clock = Hands()
    clock.at = BEGIN - timedelta(minutes=1)
    recording = Recording(PlantFolder(tmp_path / "data"))
    metered(recording, 14, 12.4)
    responses = Responses(recording, "UTC")
    responses.stand(small_network())

    async def run() -> None:
        vtn = Vtn({"plant": ("plant-secret", "ven")}, clock)
        await vtn.open()
        program = vtn.put("programs", {"programName": "shed"})["id"]
        kind = "DISPATCH_SETPOINT_RELATIVE"
        wanted = {
            "programID": program,
            "intervalPeriod": {"start": BEGIN.isoformat(), "duration": "PT2H"},
            "intervals": [{"id": 0, "payloads": [{"type": kind, "values": [8000.0]}]}],
            "reportDescriptors": [{"payloadType": "USAGE"}, {"payloadType": "BASELINE"}],
        }
        identity = vtn.put("events", wanted)["id"]
        text = f"demand_response: {{url: '{vtn.url}', client: plant}}\n"
        callers = Callers(read_callers(write(tmp_path, text)), clock)
        await callers.open()
        callers.planned = -20.0
        assert callers.ven is not None
        await until(lambda: callers.ven.standing)  # type: ignore[union-attr]
        assert callers.orders() == []  # not yet
        clock.at = BEGIN
        (order,) = callers.orders()
        assert (order.kind, order.value) == ("target", -12.0)
        end: datetime = BEGIN + LASTING + timedelta(minutes=2)
        while clock.at < end:
            responses.look(clock.at, callers.orders(), plan(-20.0))
            clock.at += timedelta(minutes=1)
        responses.close()
        callers.report(responses.finished())
        await until(lambda: vtn.objects["reports"])
        (report,) = vtn.objects["reports"].values()
        assert report["eventID"] == identity
        usage, baseline = report["resources"]
        values = [each["payloads"][0]["values"][0] for each in usage["intervals"]]
        assert values == pytest.approx([12400.0] * 7)
        assert baseline["intervals"][0]["payloads"][0]["type"] == "BASELINE"
        await callers.close()
        await vtn.close()

    asyncio.run(run())
    recording.close()
