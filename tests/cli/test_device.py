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
from zeroplant.units import parse

VALUES = {
    "d.charge": 0.1, "d.discharge": 0.0, "d.level": 1.0, "d.charge_limit": 1.0,
    "d.discharge_limit": 1.0, "d.temperature": 25.0, "d.online": 1.0,
}  # fmt: skip


@contextmanager
def battery(
    obeys: bool = True, lapses: bool = True, **changed: float
) -> Iterator[tuple[str, list[object]]]:
    """A battery that answers, does what it is told or only says so, and gives up or goes on."""
    values = VALUES | {f"d.{name}": value for name, value in changed.items()}
    told: list[object] = []
    ends: list[datetime] = []
    ready, done, place = threading.Event(), asyncio.Event(), ""

    def write(point: str, value: float, until: datetime | None) -> bool:
        told.append((point, value, until))
        if obeys:
            values[point] = value
            ends[:] = [until] if until is not None and lapses else []
        return True

    def read() -> dict[str, float]:
        over = bool(ends) and SystemClock().now() >= ends[0]
        return values | ({"d.charge": 0.0} if over else {})

    async def live() -> None:
        nonlocal place, loop
        loop = asyncio.get_running_loop()
        device = Device("d", read, write, SystemClock())
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


@pytest.mark.parametrize(
    ("rating", "ask", "how", "words"),
    [
        ("1 MW", "400 kW", "well", "the device follows (before 0.1 MW, last 0.4 MW, after"),
        ("1 MW", "400 kW", "lies", "THE DEVICE DOES NOT FOLLOW (before 0.1 MW, last 0.1"),
        ("1 MW", "400 kW", "goes on", "follows; IT DOES NOT LAPSE (before 0.1 MW, last 0.4"),
        # A step within 2 % of the range, by which it would be called followed if nothing moved.
        ("50 MW", "1.2 MW", "lies", "THE DEVICE DOES NOT FOLLOW"),
        ("50 MW", "1.2 MW", "well", "the device follows"),
        ("50 MW", "1 MW", "lies",
         "CANNOT BE TOLD: it was 0.1 MW before; ask for 1 MW away from that"),
    ],
)  # fmt: skip
def test_writes_and_verifies(
    capsys: pytest.CaptureFixture[str],
    rating: str,
    ask: str,
    how: str,
    words: str,
) -> None:
    """Only a device that is seen to do it, and to give it up at the end, passes."""
    with battery(obeys=how != "lies", lapses=how == "well") as (at, told):
        arguments = ["--at", at, "--rating", f"rating={rating}"]
        arguments += ["--write", f"charge={ask}", "--for", "2.5 s"]
        code, out, _ = answer(capsys, "test", "battery", *arguments)
        written = [each[:2] for each in told]  # type: ignore[index]
    assert words in out
    assert code == (0 if how == "well" else 1)
    assert ("d.charge", pytest.approx(parse(ask, "MW"))) in written


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
