"""The systemd unit: its command line is one that runs, with everything `control.env` may add."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.operate.calling import CENTRE, write
from tests.operate.killing import PATIENCE, PLANT
from tests.shared import ROOT

DEPLOY = ROOT / "deploy"
PROGRAM = "/opt/zeroplant/bin/zeroplant"


def said(text: str) -> dict[str, list[str]]:
    """Every value of every key, without comments: of a unit, or of a file of its environment."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if "=" in line and not line.startswith(("#", "[")):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def command(unit: dict[str, list[str]], environment: dict[str, str]) -> list[str]:
    """``ExecStart`` as systemd reads it: ``${NAME}`` is one word, ``$NAME`` as many as it holds."""
    (line,) = unit["ExecStart"]
    words: list[str] = []
    for word in shlex.split(line):
        if re.fullmatch(r"\$\w+", word):
            words += environment[word[1:]].split()
        else:
            words.append(re.sub(r"\$\{(\w+)\}", lambda match: environment[match[1]], word))
    return words


def test_the_environment_names_all_that_the_unit_takes_and_no_secret() -> None:
    unit = said((DEPLOY / "zeroplant-control.service").read_text(encoding="utf-8"))
    given = said((DEPLOY / "control.env").read_text(encoding="utf-8"))
    assert set(re.findall(r"\$\{?(\w+)", unit["ExecStart"][0])) == set(given)
    assert not [name for name in given if "SECRET" in name or "PASSWORD" in name]
    assert unit["EnvironmentFile"] == ["/etc/zeroplant/control.env", "-/etc/zeroplant/secrets.env"]
    plain = {name: values[0] for name, values in given.items()}
    assert command(unit, plain)[:2] == [PROGRAM, "control"]
    assert "" not in command(unit, plain), "an empty ARGS adds no word"


@pytest.mark.skipif(sys.platform == "win32", reason="not a checkout: systemd's socket")
def test_the_units_command_line_runs(tmp_path: Path) -> None:
    """One cycle with callers, weather and promises, told as systemd is told; no device answers."""
    unit = said((DEPLOY / "zeroplant-control.service").read_text(encoding="utf-8"))
    files = {
        "devices": "devices:\n  battery: {template: battery, at: '127.0.0.1:9'}\n",
        "commitments": "commitments: []\n",
        "weather": "time,issued,forecast.wind_speed\n2025-01-01T00:00,2025-01-01T00:00,5\n",
    }
    paths = {name: tmp_path / name for name in files}
    for name, text in files.items():
        paths[name].write_text(text, encoding="utf-8")
    paths["callers"] = write(tmp_path, CENTRE)
    options = [f"--{name} {paths[name]}" for name in ("callers", "weather", "commitments")]
    words = command(unit, {
        "PLANT": PLANT, "DEVICES": str(paths["devices"]), "DATA": str(tmp_path / "data"),
        "ARGS": " ".join([*options, "--cycles 1"]),
    })  # fmt: skip
    assert words[0] == PROGRAM
    with (
        tempfile.TemporaryDirectory() as place,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard,
    ):
        heard.bind(address := f"{place}/notify")
        heard.settimeout(1.0)
        done = subprocess.run(
            [sys.executable, "-m", "zeroplant", *words[1:]],
            env={**os.environ, "NOTIFY_SOCKET": address}, capture_output=True, text=True,
            timeout=PATIENCE, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert b"READY=1" in (heard.recv(200), heard.recv(200))
    assert done.stdout.startswith("1 cycles")
    assert (tmp_path / "data" / "callers.json").exists()
