"""What callers were told is done outlasts a kill and a full disk; stations far away; reports."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.links.masters import until
from tests.links.stations import IDENTITY, PASSWORD
from tests.links.venues import event
from tests.operate.calling import CENTRE, NOW, Hands, write
from zeroplant.errors import InputError
from zeroplant.links.iec104 import Command
from zeroplant.links.ocpp import hashed
from zeroplant.links.openadr import Signal, Span
from zeroplant.operate.callers import SECRET, Callers
from zeroplant.operate.callers_file import read_callers
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.recording import Recording
from zeroplant.operate.responses import Finished


def test_stations_far_away_are_served_over_tls(tmp_path: Path) -> None:
    """With a certificate it may listen anywhere; one that is none has a line."""
    text = "stations: {listen: '0.0.0.0:0', file: stations.yaml, certificate: one.pem}\n"
    (tmp_path / "stations.yaml").write_text(
        f"stations:\n  - {{identity: {IDENTITY}, name: hub, most: 1 MW, safe: 0 MW,"
        f" password: {hashed(PASSWORD)}}}\n"
    )
    file = read_callers(write(tmp_path, text))
    with pytest.raises(InputError, match=r"one\.pem: the certificate cannot be used"):
        Callers(file, Hands())
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=plant"]
    out = str(tmp_path / "one.pem")
    subprocess.run(
        [*request, "-keyout", out + ".key", "-out", out], check=True, capture_output=True
    )
    both = Path(out).read_text() + Path(out + ".key").read_text()
    Path(out).write_text(both)
    callers = Callers(file, Hands())
    assert callers.stations is not None
    assert callers.stations._tls is not None


KILLED = """\
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from tests.operate.calling import NOW, Hands, write, CENTRE
from zeroplant.links.iec104 import Command
from zeroplant.operate.callers import Callers
from zeroplant.operate.callers_file import read_callers
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.recording import Recording
folder = Path(sys.argv[1])
recording = Recording(PlantFolder(folder / "plant"))
callers = Callers(read_callers(write(folder, CENTRE)), Hands(), recording)
for value in range(1, 6):
    assert callers._command(Command("plant.most export", float(value), NOW, None, "centre")) is True
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_command_that_was_confirmed_outlasts_a_kill(tmp_path: Path) -> None:
    """The process ends in the very moment in which it has said yes."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    with closing(Recording(PlantFolder(tmp_path / "plant"))) as recording:
        callers = Callers(read_callers(write(tmp_path, CENTRE)), Hands(), recording)
        assert [each.value for each in callers.orders()] == [5.0]
        asyncio.run(callers.close())


def test_a_relative_dispatch_counts_from_the_same_plan_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan made since has the dispatch in it, and must not be what it counts from."""
    monkeypatch.setenv(SECRET, "plant-secret")
    path = write(tmp_path, "demand_response: {url: 'http://127.0.0.1:1', client: plant}\n")
    span = Span(NOW, NOW + timedelta(hours=1), 5.0)
    event = Signal("e", "p", "dispatch relative", (span,))
    for planned in (10.0, 15.0):
        with closing(Recording(PlantFolder(tmp_path / "plant"))) as recording:
            callers = Callers(read_callers(path), Hands(), recording)
            assert callers.ven is not None
            if planned == 10.0:
                callers.ven.standing[event.event, event.kind] = event
                callers._signal(event)
            callers.planned = planned
            assert [each.value for each in callers.orders()] == [15.0]
            asyncio.run(callers.close())


def test_an_event_from_now_on_does_not_begin_anew_with_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dated anew it would last longer, and count its change from a plan that has it already."""
    monkeypatch.setenv(SECRET, "plant-secret")
    path = write(tmp_path, "demand_response: {url: 'http://127.0.0.1:1', client: plant}\n")
    period = {"start": "0000-00-00T00:00:00Z", "duration": "PT1H"}
    said = event("P", -10e3, kind="DISPATCH_SETPOINT_RELATIVE", intervalPeriod=period)
    clock, spans = Hands(), []
    for planned in (50.0, 40.0):
        with closing(Recording(PlantFolder(tmp_path / "plant"))) as recording:
            callers = Callers(read_callers(path), clock, recording)
            serve(callers, said)
            callers.planned = planned
            (order,) = callers.orders()
            spans.append((order.value, order.start, order.until))
            asyncio.run(callers.close())
        clock.at += timedelta(minutes=40)
    assert spans == [(40.0, NOW, NOW + timedelta(hours=1))] * 2


def serve(callers: Callers, said: dict[str, Any]) -> None:
    """Let the VEN read one event of one program."""

    async def everything(what: str) -> list[dict[str, Any]]:
        return [{"id": "P"}] if what == "programs" else [said]

    assert callers.ven is not None
    callers.ven._all = everything  # type: ignore[method-assign]
    asyncio.run(callers.ven.poll())


def test_a_command_that_the_disk_does_not_keep_is_refused(tmp_path: Path) -> None:
    with closing(Recording(PlantFolder(tmp_path / "plant"))) as recording:
        callers = Callers(read_callers(write(tmp_path, CENTRE)), Hands(), recording)
        most = Command("plant.most export", 20.0, NOW, None, "centre")
        assert callers._command(most) is True
        recording.folder.commands.unlink()
        recording.folder.commands.mkdir()  # nothing can be put in its place
        less = replace(most, value=10.0)
        assert "cannot be written" in str(callers._command(less))
        assert [each.value for each in callers.orders()] == [20.0]
        assert not callers._released("plant.most export")
        assert [each.value for each in callers.orders()] == [20.0]
        recording.folder.commands.rmdir()
        assert callers._released("plant.most export")
        assert callers.orders() == []
        asyncio.run(callers.close())


def test_a_report_that_fails_ends_no_others_and_old_events_are_let_go_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, "plant-secret")
    path = write(tmp_path, "demand_response: {url: 'http://127.0.0.1:1', client: plant}\n")
    callers = Callers(read_callers(path), Hands())
    assert callers.ven is not None
    span = Span(NOW, NOW + timedelta(hours=1), 5.0)
    for number in range(300):
        callers._signal(Signal(f"e{number}", "p", "dispatch", (span,)))
    kept = Signal("running", "p", "dispatch", (span,))
    callers._signal(kept)
    callers.ven.standing[kept.event, kept.kind] = kept
    one = np.ones(4)
    step = timedelta(minutes=15)
    callers.report([Finished(f"p: e{n}", NOW, step, one, one) for n in (0, 1)])
    reported = reports_to(callers, "e0")
    callers._forget()
    assert {"p: running", "p: e299"} <= set(callers._signals)
    assert len(callers._signals) == 100
    asyncio.run(told(callers))
    assert reported == ["e0", "e1"]


def reports_to(callers: Callers, refused: str) -> list[str]:
    """The events that the server is told of; one of them it cannot make sense of."""
    reported = []

    async def report(event: Signal, _: Any) -> None:
        reported.append(event.event)
        if event.event == refused:
            message = "what the server said is no report"
            raise ValueError(message)

    assert callers.ven is not None
    callers.ven.report = report  # type: ignore[method-assign,assignment]
    return reported


async def told(callers: Callers) -> None:
    """Until nothing waits to be told, and then no more."""
    reports = callers._reports
    assert reports is not None
    task = asyncio.create_task(reports.run())
    await until(lambda: not reports.waiting)
    assert not task.done()
    task.cancel()


def test_a_report_that_waited_is_told_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an event that stands no more; what has been told is not told again."""
    monkeypatch.setenv(SECRET, "plant-secret")
    path = write(tmp_path, "demand_response: {url: 'http://127.0.0.1:1', client: plant}\n")
    found = []
    for start in range(3):
        with closing(Recording(PlantFolder(tmp_path / "plant"))) as recording:
            callers = Callers(read_callers(path), Hands(), recording)
            if start == 0:
                callers._signal(Signal("e", "p", "dispatch", (Span(NOW, None, 5.0),)))
                values = np.array([1.0, np.nan])
                callers.report([Finished("p: e", NOW, timedelta(minutes=15), np.ones(2), values)])
            else:
                reported = reports_to(callers, "")
                asyncio.run(told(callers))
                found.append(reported)
            asyncio.run(callers.close())
    assert found == [["e"], []]
