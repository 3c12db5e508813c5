"""``zeroplant serve``: what it refuses, and the demo, which lives and ends with it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from tests.portal.lived import SMALL
from zeroplant.cli import main
from zeroplant.store import JournalWriter
from zeroplant.store.lock import WriterLock


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--host", "192.0.2.1"], "in the open"),
        (["--certificate", "none.pem"], "both --certificate and --key"),
        (["--host", "0.0.0.0", "--certificate", "a", "--key", "b"], "say it with --name"),
    ],
)
def test_what_would_be_unsafe_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], says: str
) -> None:
    file = tmp_path / "plant.yaml"
    file.write_text(SMALL, encoding="utf-8")
    assert main(["serve", str(file), *options]) == 1
    assert says in capsys.readouterr().err


def test_a_demo_that_cannot_live_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line of what the simulation said, not a page that waits for ever."""
    file = tmp_path / "plant.yaml"
    file.write_text(SMALL + "scenarios: {low: {probability: 1}}\n", encoding="utf-8")
    assert main(["serve", str(file), "--demo", "--port", "0"]) == 1
    assert "scenario" in capsys.readouterr().err


def test_a_demo_leaves_a_running_plants_folder_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another controller writes there: refused, and its image stays."""
    file, data = tmp_path / "plant.yaml", tmp_path / "data"
    file.write_text(SMALL, encoding="utf-8")
    with JournalWriter(data / "journal"):
        (data / "live.json").write_text("{}", encoding="utf-8")
        assert main(["serve", str(file), "--demo", "--data", str(data), "--port", "0"]) == 1
    assert "is being written by" in capsys.readouterr().err
    assert (data / "live.json").exists()


def test_of_two_demos_at_once_the_second_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, before the first has an image or a journal; what it has written stays."""
    file, data = tmp_path / "plant.yaml", tmp_path / "data"
    file.write_text(SMALL, encoding="utf-8")
    first = WriterLock(data / "demo")  # as the other one holds it from its first moment on
    (data / "live.json").write_text("{}", encoding="utf-8")
    (data / "demo.log").write_text("its own", encoding="utf-8")
    assert main(["serve", str(file), "--demo", "--data", str(data), "--port", "0"]) == 1
    said = capsys.readouterr().err.strip()
    assert "is being written by process" in said
    assert len(said.splitlines()) == 1
    assert (data / "live.json").exists()
    assert (data / "demo.log").read_text(encoding="utf-8") == "its own"
    first.release()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no SIGTERM there")
def test_a_newcomer_sees_a_living_plant_in_one_command(tmp_path: Path) -> None:
    """It says that it starts, lives at sixty times, and its processes end with it."""
    file = tmp_path / "plant.yaml"
    file.write_text(SMALL, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "zeroplant", "serve", str(file), "--demo", "--port", str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as it:
        assert it.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = it.stdout.readline()
            assert line, said
            said += line
        assert "planned and started" in said
        password = re.search(r"as admin with (\S+)\.", said)
        assert password is not None
        address = f"http://127.0.0.1:{port}"
        with httpx2.Client(base_url=address) as client:
            for _ in range(200):
                try:
                    client.get("/healthz")
                    break
                except httpx2.ConnectError:
                    time.sleep(0.1)
            client.post("/login", data={"name": "admin", "password": password[1]})
            seen = set()
            for _ in range(100):
                seen.add(client.get("/api/v1/live").json()["at"])
                if len(seen) > 2:
                    break
                time.sleep(0.1)
            assert len(seen) > 2  # it lives
            assert client.get("/api/v1/live").json()["speed"] == 60
            assert "60 times as fast" in client.get("/").text
        children = _children(it.pid)
        assert children
        it.send_signal(signal.SIGTERM)
        assert it.wait(30) == 0
    for _ in range(50):  # what only watches over the others goes last
        left = [each for each in children if Path(f"/proc/{each}").exists()]
        if not left:
            break
        time.sleep(0.1)
    assert left == []


def _children(process: int) -> list[int]:
    """The processes that a process has begun."""
    tasks = Path(f"/proc/{process}/task/{process}/children")
    return [int(each) for each in tasks.read_text().split()]
