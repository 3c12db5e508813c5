"""What runs beside the service goes on after a fault that nobody thought of."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import Gauge

from zeroplant.errors import InputError, Problem
from zeroplant.files import write_atomic
from zeroplant.portal import past
from zeroplant.portal.past import Past
from zeroplant.portal.repeated import repeated
from zeroplant.portal.watch import Watch
from zeroplant.store import History


def test_a_fault_is_logged_once_as_long_as_it_stays_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    faults: list[Exception | None] = [
        KeyError("a"), KeyError("a"), None, KeyError("a"), MemoryError(),
    ]  # fmt: skip
    done = asyncio.Event()

    async def look() -> None:
        if not faults:
            done.set()
        elif fault := faults.pop(0):
            raise fault

    async def run() -> None:
        task = asyncio.create_task(repeated(look, 0.0))
        await done.wait()
        assert not task.done()
        task.cancel()

    asyncio.run(asyncio.wait_for(run(), 30))
    told = [each for each in caplog.records if each.name == "zeroplant.portal"]
    assert [each.exc_info[0] for each in told if each.exc_info] == [KeyError, KeyError, MemoryError]
    assert all(each.levelno == logging.ERROR and "look" in each.getMessage() for each in told)


def test_an_image_that_cannot_be_worded_is_not_the_last(tmp_path: Path) -> None:
    """An image of another version's controller: the next that can be read is shown."""
    path = tmp_path / "live.json"
    write_atomic(path, json.dumps({"alarms": None}))
    worded: list[dict[str, Any]] = []

    def strange(image: dict[str, Any]) -> dict[str, Any]:
        worded.append(image)
        return {"alarms": [*image["alarms"]]}

    async def follow() -> None:
        watch = Watch(path, Gauge("viewers", "who looks", registry=None), strange)
        async with watch.running():
            while not worded:
                await asyncio.sleep(0.01)
            write_atomic(path, json.dumps({"alarms": ["a"]}))
            assert b'["a"]' in (await anext(watch.events(lambda: True))).replace(b" ", b"")
        assert watch.image == {"alarms": ["a"]}

    asyncio.run(asyncio.wait_for(follow(), 30))


def test_a_history_that_fails_once_is_read_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults, read_on = [KeyError("nobody thought of this")], threading.Event()

    def opened(_: Past) -> History:
        if faults:
            raise faults.pop()
        read_on.set()
        raise InputError(Problem("there is no history"))

    monkeypatch.setattr(past, "READ_ON", 0.01)
    monkeypatch.setattr(Past, "_open", opened)

    async def follow() -> None:
        async with Past(tmp_path).followed():
            assert await asyncio.to_thread(read_on.wait, 20)

    asyncio.run(asyncio.wait_for(follow(), 30))
