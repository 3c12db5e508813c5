"""Journal and diary as one stream: in order, for whom it is, and never the same twice."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import zeroplant
from zeroplant.plan.report.names import Names
from zeroplant.portal.access import Grant, Person, Role
from zeroplant.portal.desk import ASKED
from zeroplant.portal.logbook import Logbook, Wanted
from zeroplant.portal.retold import Retold, Teller
from zeroplant.portal.stream import GROUPS, Place, Question, Stream
from zeroplant.portal.wording import DEEDS
from zeroplant.store import Entry, JournalWriter, Record

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
ALARM = {"change": "raised", "by": "", "cause": "it is silent", "cause_zh": "无数据",
         "remedy": "look", "remedy_zh": "检查"}  # fmt: skip


def entry(kind: str, minute: int, about: str = "", /, **payload: Any) -> Entry:
    """An entry of so many minutes after noon."""
    at = NOON + timedelta(minutes=minute)
    return Entry(kind=kind, key=about, event=at, known=at, payload=payload)


@pytest.fixture
def books(tmp_path: Path) -> tuple[Logbook, Logbook]:
    """A journal of some minutes, and the diary beside it."""
    with JournalWriter(tmp_path / "journal") as journal:
        journal.append([
            entry("note", 0, "control", en="control begins", zh="控制开始"),
            entry("alarm", 1, "silent: wind.output", key="wind.output", **ALARM),
            entry("command", 2, "battery.charge", value=5.0, reason="merit"),
            entry("person", 4, "a1", kind="device", key="battery.charge", value=5.0, accepted=True,
                  person="wang (approved by li)", reason="test"),
            entry("decision", 5, "plant", target=1.0, exchange=2.0, source="person"),
            entry("alarm", 8, "disk: ", key="", **ALARM),
        ])  # fmt: skip
    with JournalWriter(tmp_path / "people") as diary:
        diary.append([
            entry("person", 0, who="wang", what="logged in"),
            entry("person", 3, "a1", who="wang", what="asked for a set-point", kind="device",
                  flow="battery.charge", value=5.0, place="battery", reason="test"),
            entry("person", 7, "silent: wind.output", who="zhao", what="acknowledge"),
            entry("person", 9, who="zhao", what="logged in"),
        ])  # fmt: skip
    return Logbook(tmp_path / "journal"), Logbook(tmp_path / "people")


def read(
    books: tuple[Logbook, Logbook], *grants: Grant, most: int = 50, **asked: Any
) -> list[tuple[int, str]]:
    """Minutes and English words of what somebody called wang reads, page by page."""
    person = Person(1, "wang", must_change=False, disabled=False, grants=grants)
    stream = Stream(*books, Teller(Names(), {}), person)
    question, place, found = Question(**asked), Place(), []
    while not place.over:
        part = stream.read(question, place, most)
        assert part.older != place
        found += [((each.at - NOON) // timedelta(minutes=1), each.told.what.en)
                  for each in part.entries]  # fmt: skip
        place = part.older
    return found


@pytest.mark.parametrize("most", [1, 2, 3, 50])
def test_one_stream_by_time_in_pages_of_any_length(
    books: tuple[Logbook, Logbook], most: int
) -> None:
    found = read(books, Grant(Role.ADMIN), groups=tuple(GROUPS), most=most)
    assert [minute for minute, _ in found] == [9, 8, 7, 5, 4, 3, 2, 1, 0, 0]


def test_usually_without_what_comes_every_second(books: tuple[Logbook, Logbook]) -> None:
    assert [minute for minute, _ in read(books, Grant(Role.ADMIN))] == [9, 8, 7, 4, 3, 1, 0, 0]


def test_by_person_by_asset_and_by_time(books: tuple[Logbook, Logbook]) -> None:
    """Who approved is found like who asked; of an asset, what is about it."""
    admin = Grant(Role.ADMIN)
    assert read(books, admin, person="li") == [(4, "order: battery charge 5 MW")]
    assert [minute for minute, _ in read(books, admin, person="wang")] == [4, 3, 0]
    of_battery = read(books, admin, asset="battery", groups=tuple(GROUPS))
    assert [minute for minute, _ in of_battery] == [4, 3, 2]
    spans = {"since": NOON + timedelta(minutes=3), "until": NOON + timedelta(minutes=7)}
    assert [minute for minute, _ in read(books, admin, **spans)] == [7, 4, 3]


def test_everybody_reads_what_is_theirs_to_read(books: tuple[Logbook, Logbook]) -> None:
    """Comings and goings of others are for those who manage people; assets for their own."""
    viewer = read(books, Grant(Role.VIEWER), groups=tuple(GROUPS))
    assert [minute for minute, _ in viewer] == [8, 7, 5, 4, 3, 2, 1, 0, 0]
    battery = read(books, Grant(Role.OPERATOR, "battery"), groups=tuple(GROUPS))
    assert [minute for minute, _ in battery] == [4, 3, 2, 0]
    assert battery[-1][1] == "logged in"


def test_rights_and_passwords_of_others_are_for_who_manages_people(tmp_path: Path) -> None:
    with JournalWriter(tmp_path / "people") as diary:
        for minute, what in enumerate(("granted", "reset password", "unlocked")):
            diary.append(entry("person", minute, "zhao", who="li", what=what))
    books = Logbook(tmp_path / "none"), Logbook(tmp_path / "people")
    assert read(books, Grant(Role.VIEWER)) == []
    assert read(books, Grant(Role.ADMIN)) == [
        (2, "let zhao try to log in again"), (1, "reset the password of zhao"),
        (0, "changed the rights of zhao"),
    ]  # fmt: skip


def test_a_command_says_why(books: tuple[Logbook, Logbook]) -> None:
    """One of an earlier version, which had no reason, says none."""
    teller = Teller(Names({"battery": "battery"}), {})
    (record,) = books[0].leaf(Wanted(("command",))).records
    told = teller.told(record)
    assert (told.what.zh, told.why.zh) == ("battery 充电：设定 5 MW", "为达到目标而调用")
    assert told.internal == "battery.charge"
    before = replace(record, payload={"value": 5.0})
    assert teller.told(before).why.en == ""


def test_a_report_is_told_in_words() -> None:
    """Its kind is none of an order."""
    said = entry("person", 0, "a1b2", who="li", what="asked for a report", kind="operation")
    record = Record(
        number=1, kind="person", key=said.key, event=said.event, known=said.known,
        payload=said.payload, hash="",
    )  # fmt: skip
    told = Teller(Names(), {}).told(record).what
    assert told == ("asked for a report: operation", "申请生成报告：运行")


def deeds_in(path: Path) -> set[str]:
    """What is written into the diary there, as far as it is said on the spot."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        places = {"note": node.args[1:2], "_note": node.args[1:3], "to_thread": node.args[2:3]}
        said = places.get(called, [])
        parts = [part for each in said for part in ast.walk(each)]
        found |= {part.value for part in parts
                  if isinstance(part, ast.Constant) and isinstance(part.value, str)}  # fmt: skip
    return found


def test_every_deed_has_words_in_both_languages() -> None:
    """Whatever any route or command writes into the diary."""
    source = Path(zeroplant.__file__).parent
    paths = [*(source / "portal").rglob("*.py"), source / "cli/people.py"]
    deeds = {what for path in paths for what in deeds_in(path)}
    assert deeds >= {"granted", "unlocked", "let in", "asked for a report", "refused",
                     "approved a set-point"}  # fmt: skip
    assert sorted((deeds | set(ASKED)) - set(DEEDS)) == []
    assert all(words.en and words.zh and words.en != words.zh for words in DEEDS.values())


def test_what_another_version_wrote_is_told_all_the_same(tmp_path: Path) -> None:
    with JournalWriter(tmp_path / "journal") as journal:
        for kind in ("decision", "alarm", "person", "response", "order", "commitment", "strange"):
            journal.append(entry(kind, 0, "key", payload={"what": {}}))
    books = Logbook(tmp_path / "journal"), Logbook(tmp_path / "none")
    found = read(books, Grant(Role.ADMIN), groups=tuple(GROUPS))
    assert len(found) == 6
    assert all("key" in words or "refused" in words for _, words in found)


def test_what_forecasts_lack_is_told_by_what_they_are_of() -> None:
    """And that they lack nothing any more; never a dash."""
    names, night = Names({"sun": "solar", "wind": "wind"}), datetime(2026, 7, 1, tzinfo=UTC)

    def told(said: dict[str, str]) -> Retold:
        record = Record(
            number=1, kind="note", key="forecasts", event=night, known=night, payload=said, hash=""
        )  # fmt: skip
        return Teller(names, {}).told(record)

    why = "measured for less than two days: expected as the plant file has it"
    lacking = told({"sun.output": why, "wind.output": why})
    assert lacking.what == ("forecasts could be better: sun output, wind output",
                            "可改进的预测：sun 出力、wind 出力")  # fmt: skip
    assert lacking.why == (why, "实测不足两天，按电厂文件取值")
    assert told({}).what.zh == "预测已无缺项"
