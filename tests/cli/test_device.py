"""``zeroplant device`` against devices of the twin on real sockets, in a thread of their own."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from zeroplant.cli import main
from zeroplant.links import SystemClock
from zeroplant.links.library import shipped, template
from zeroplant.twin.wire.serve import Device, serve

VALUES = {
    "d.charge": 0.1, "d.discharge": 0.0, "d.level": 1.0, "d.charge_limit": 1.0,
    "d.discharge_limit": 1.0, "d.temperature": 25.0, "d.online": 1.0,
}  # fmt: skip


@contextmanager
def battery(obeys: bool = True, **changed: float) -> Iterator[tuple[str, list[object]]]:
    """A battery that answers, and either does what it is told or only says so."""
    values = VALUES | {f"d.{name}": value for name, value in changed.items()}
    told: list[object] = []
    ready, done, place = threading.Event(), asyncio.Event(), ""

    def write(point: str, value: float, until: datetime | None) -> bool:
        told.append((point, value, until))
        if obeys:
            values[point] = value
        return True

    async def live() -> None:
        nonlocal place, loop
        loop = asyncio.get_running_loop()
        device = Device("d", lambda: values, write, SystemClock())
        server = serve(template("battery"), device)
        await server.start()
        place = server.at
        ready.set()
        await done.wait()
        await server.stop()

    loop: asyncio.AbstractEventLoop | None = None
    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    assert ready.wait(10.0)
    try:
        yield place, told
    finally:
        assert loop is not None
        loop.call_soon_threadsafe(done.set)
        thread.join(10.0)


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["device", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_list_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = answer(capsys, "list", "--json", "-")
    assert code == 0
    assert [row["name"] for row in json.loads(out)] == list(shipped())
    for name in shipped():
        code, out, _ = answer(capsys, "show", name)
        assert code == 0
        assert all(point in out for point in template(name).points)


def test_reads_everything_once(capsys: pytest.CaptureFixture[str]) -> None:
    with battery() as (at, told):
        code, out, _ = answer(capsys, "test", "battery", "--at", at, "--json", "-")
        shown = answer(capsys, "test", "battery", "--at", at)[1]
    result = json.loads(out)
    assert code == 0
    assert result["passed"]
    values = {each["point"]: each["value"] for each in result["points"]}
    assert values.pop("heart") >= 0.0
    assert values == pytest.approx({k.removeprefix("d."): v for k, v in VALUES.items()})
    assert "level" in shown
    assert "good" in shown
    assert not told


@pytest.mark.parametrize("obeys", [True, False])
def test_writes_and_verifies(capsys: pytest.CaptureFixture[str], obeys: bool) -> None:
    """A device that says yes and does nothing does not pass."""
    with battery(obeys) as (at, told):
        arguments = ["--at", at, "--write", "charge=400 kW", "--for", "2.5 s", "--json", "-"]
        code, out, _ = answer(capsys, "test", "battery", *arguments)
    result = json.loads(out)
    assert result["write"]["accepted"]
    assert result["write"]["follows"] is obeys
    assert code == (0 if obeys else 1)
    assert ("d.charge", 0.4) in [each[:2] for each in told]  # type: ignore[index]


def test_a_point_it_does_not_know_does_not_pass(capsys: pytest.CaptureFixture[str]) -> None:
    with battery(temperature=float("nan"), level=float("nan")) as (at, _):
        code, out, _ = answer(capsys, "test", "battery", "--at", at, "--json", "-")
    result = json.loads(out)
    assert code == 1
    assert not result["passed"]
    quality = {each["point"]: each["quality"] for each in result["points"]}
    assert {name for name, word in quality.items() if word == "bad"} == {"temperature", "level"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["battery", "--at", "127.0.0.1:9"], "--at: the device does not answer"),
        (["batery", "--at", "127.0.0.1:9"], "did you mean 'battery'?"),
        (["battery", "--at", "here"], "'here' is no address"),
        (["battery", "--at", "h:1/x"], "'x' is no Modbus device id"),
        (["dlt645-meter", "--at", "h:1"], "is no meter's number"),
        (["battery", "--at", "h:1", "--write", "chrge=1 MW"], "did you mean 'charge'?"),
        (["battery", "--at", "h:1", "--write", "charge=1 MWh"], "--write: "),
        (["battery", "--at", "h:1", "--write", "charge=1 MW", "--for", "x"], "--for: "),
        (["battery", "--at", "h:1", "--rating", "ratin=1 MW"], "did you mean 'rating'?"),
        (["battery", "--at", "h:1", "--rating", "rating"], "no NAME=QUANTITY"),
    ],
)
def test_one_line_for_what_is_wrong(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    code, _, err = answer(capsys, "test", *arguments)
    assert code == 1
    assert words in err
    assert len(err.splitlines()) == 1


def test_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pymodbus.client", None)
    monkeypatch.delitem(sys.modules, "zeroplant.links.modbus", raising=False)
    code, _, err = answer(capsys, "test", "battery", "--at", "127.0.0.1:9")
    assert code == 1
    assert err.strip() == (
        "'pymodbus.client' is not installed; install it with: pip install 'zeroplant[links]'"
    )
