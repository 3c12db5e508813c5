"""The trader's file: what it may say, and what is said where it is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.links.masters import page_yaml
from zeroplant.errors import InputError
from zeroplant.operate.commitments_file import read_commitments

ZONE = ZoneInfo("Asia/Shanghai")


def test_the_example_of_the_documentation_is_read(tmp_path: Path) -> None:
    path = tmp_path / "commitments.yaml"
    path.write_text(page_yaml("promises")[0])
    file = read_commitments(path, ZONE)
    evening, reserve, response = (each.commitment(ZONE) for each in file.commitments)
    assert evening.start == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert (evening.kind, evening.value, evening.tolerance) == ("at least", 10.0, 0.5)
    assert (reserve.kind, reserve.hours, reserve.price) == ("reserve up", 1.0, 1200.0)
    assert reserve.start == datetime(2026, 7, 1, 1, tzinfo=UTC)
    assert (response.kind, response.price) == ("at least", 3000.0)
    assert file.market
    assert file.market.accepts(date(2026, 7, 2))
    assert not file.market.accepts(date(2026, 7, 3))


ENTRY = (
    "{name: a, kind: at most, start: 2026-07-01, until: 2026-07-02, value: 1 MW, price: 9 CNY/MWh}"
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("at most", "at must", "'at must' is not allowed; it should be 'schedule', 'at least'"),
        ("value: 1 MW", "value: 1", "1 has no unit"),
        (", value: 1 MW", "", "it has no value"),
        ("value: 1 MW", "value: 1 MW, values: [1 MW]", "it has no value"),
        ("at most", "reserve up", ""),
        ("value: 1 MW", "values: [1 MW, 2 MW], kind: reserve up", "kind"),
        ("until: 2026-07-02", "until: 2026-06-30", "it ends before it starts"),
        ("9 CNY/MWh", "9001 CNY/MWh", "is above 9000"),
        ("9 CNY/MWh", "0 CNY/MWh", "is not above 0"),
        ("name: a", "nom: a", "'nom'"),
    ],
)
def test_mistakes_have_a_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Each is one line with its place; what is right is read."""
    path = tmp_path / "c.yaml"
    path.write_text(f"commitments:\n  - {ENTRY.replace(old, new)}\n")
    if not said:
        assert read_commitments(path, ZONE).commitments[0].kind == "reserve up"
        return
    with pytest.raises(InputError) as caught:
        read_commitments(path, ZONE)
    lines = str(caught.value).splitlines()
    assert any(said in line for line in lines), lines
    assert all("c.yaml:" in line for line in lines)


def test_two_of_one_name_and_a_wrong_hour(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(f"commitments:\n  - {ENTRY}\n  - {ENTRY}\n")
    with pytest.raises(InputError, match="two commitments are called 'a'"):
        read_commitments(path, ZONE)
    path.write_text("market: {closes: '25:00', price: 1 CNY/MWh}\n")
    with pytest.raises(InputError, match="'25:00' is no time of day; write '10:30'"):
        read_commitments(path, ZONE)
