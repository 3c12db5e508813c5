"""Point lists: read from YAML, with a line for every problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.links.masters import page_yaml
from zeroplant.errors import InputError
from zeroplant.links.iec104_points import read_points

GOOD = """\
common_address: 3
zone: Asia/Shanghai
points:
  - {ioa: 16385, name: grid.export, scale: 1000, deadband: 0.05}
  - {ioa: 1, name: wind.online, type: single}
commands:
  - {ioa: 25089, name: plant.target, least: -20, most: 40, select: true, valid: 15 min}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "points.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_is_read(tmp_path: Path) -> None:
    listed = read_points(write(tmp_path, GOOD))
    assert (listed.common_address, listed.tz.key) == (3, "Asia/Shanghai")
    assert listed.points[0].scale == 1000
    assert listed.commands[0].valid == 900.0


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("ioa: 1,", "ioa: 0,", 5, "below 1"),
        ("ioa: 1,", "ioa: 16385,", 5, "16385 stands twice"),
        ("ioa: 25089", "ioa: 16385", 1, "both a point and a command"),
        ("single", "sngle", 5, "'sngle' is not allowed"),
        ("deadband", "dead_band", 4, "did you mean 'deadband'?"),
        ("least: -20", "least: 50", 1, "least is above most"),
        ("15 min", "15 MW", 7, "MW"),
        ("Asia/Shanghai", "Asia/Shanghia", 2, "did you mean 'Asia/Shanghai'?"),
        ("scale: 1000", "scale: 0", 1, "a scale of 0"),
    ],
)
def test_a_mistake_has_a_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        read_points(path)
    text = str(caught.value)
    assert said in text
    assert f"points.yaml:{line}:" in text


def test_the_list_in_the_documentation_is_read(tmp_path: Path) -> None:
    listed = read_points(write(tmp_path, page_yaml("connect-the-dispatch-centre")[0]))
    assert [each.name for each in listed.commands] == ["plant.target", "plant.most export"]
