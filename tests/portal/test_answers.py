"""The controller's answers in Chinese: each sentence it really says has its words."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from zeroplant.axis import Axis
from zeroplant.errors import InputError, SolveError
from zeroplant.links import link
from zeroplant.operate import planner_process
from zeroplant.operate.alarms import Alarms
from zeroplant.operate.folder import PlantFolder, answered, submit
from zeroplant.operate.inbox import Inbox
from zeroplant.operate.recording import Recording
from zeroplant.operate.wish import Wish
from zeroplant.portal import answers
from zeroplant.portal.access.passwords import unfit
from zeroplant.portal.answers import LONGEST, answer_told, chinese
from zeroplant.portal.studio.knobs import Knob, written
from zeroplant.solve import solve
from zeroplant.waist import Network

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "key", "hours", "chinese"),
    [
        ("withdraw", "a1", 1, "指令“a1”不在执行中"),
        ("acknowledge", "silent: wind", 1, "没有告警“silent: wind”"),
        ("device", "sun.moon", 1, "没有可设定的量“sun.moon”"),
        ("target", "", -1, "已失效：其结束时间已过"),
    ],
)
def test_each_refusal_is_told_in_chinese(
    tmp_path: Path, kind: str, key: str, hours: int, chinese: str
) -> None:
    """As the inbox itself writes it, so that a changed sentence is noticed here."""
    folder = PlantFolder(tmp_path)
    start = NOW - timedelta(hours=2)
    submit(folder, Wish("w1", "wang", kind, 1.0, start, NOW + timedelta(hours=hours), key, "x"))
    recording = Recording(folder)
    Inbox(recording).orders(NOW, Alarms(), settable={"battery.charge"})
    recording.close()
    ((_, _, said),) = answered(folder)
    assert said["accepted"] is False
    told = answer_told(said["reason"])
    assert (told.en, told.zh) == (said["reason"], chinese)


def test_what_has_no_words_stays_as_it_was_written() -> None:
    assert answer_told("the breaker is open") == ("the breaker is open", "the breaker is open")
    assert answer_told(None).zh == ""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("lost: ConnectionError: nobody answers at plc:502", "未送达：连接错误：plc:502 无应答"),
        ("wang (approved by li)", "wang（li 批准）"),
        ("约束“person: target (2026-07-01 08:00): least”起作用",
         "约束“运行人员·净上网目标(2026-07-01 08:00)：下限”起作用"),
        ("计划程序未给出新计划：the planner did not answer within 60 s；执行上一份有效计划",
         "计划程序未给出新计划：计划程序 60 s 内无应答；执行上一份有效计划"),
        ("无法写入记录：files: cannot write /data/a.json: no such file or directory；控制继续",
         "无法写入记录：文件：无法写入 /data/a.json：文件或目录不存在；控制继续"),
        ("weather forecast of ghi missing for 3 of 96 steps",
         "水平面总辐照度的气象预报缺 3/96 个时段"),
        ("password: the password has 5 characters; write 12 to 200 characters; several words are "
         "easy to remember", "密码有 5 个字符；请输入 12 至 200 个字符，几个词的组合便于记忆"),
    ],
)  # fmt: skip
def test_what_others_write_is_turned_wherever_it_stands(said: str, told: str) -> None:
    assert answer_told(said).zh == told
    assert answer_told(said).en == said


def test_every_reason_of_links_and_planner_has_words() -> None:
    """The very sentences of these modules: one that is changed there is noticed here."""
    for said in (link.BUSY, link.DEFERRED, planner_process.UNSOLVED):
        assert not re.search("[a-z]{3}", answer_told(said).zh), said
    assert not re.search("[a-z]{3}", answer_told(str(unfit("short", "lin"))).zh)
    assert not re.search("[a-z]{4}", answer_told(str(unfit("password1234", "lin"))).zh)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (int, "a"), (float, "x"), (date, "x"), (AwareDatetime, "x"),
        (AwareDatetime, "2026-01-01T00:00"), (Annotated[float, Field(gt=0)], 0),
        (Annotated[float, Field(ge=0)], -1), (Annotated[float, Field(lt=1)], 2),
        (Annotated[float, Field(le=1)], 2), (Annotated[float, Field(allow_inf_nan=False)], "nan"),
        (Annotated[str, Field(min_length=2)], ""), (Annotated[str, Field(max_length=1)], "aa"),
        (Annotated[str, Field(pattern="^a$")], "b"), (Literal["a", "b"], "c"),
    ],
)  # fmt: skip
def test_what_the_framework_says_of_a_form_has_words(wanted: Any, given: object) -> None:
    """As it says it itself: another version with other sentences is noticed here."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(wanted).validate_python(given)
    said = caught.value.errors()[0]["msg"]
    assert not re.search("[a-zA-Z]{3}", answer_told(f"分钟: {said}").zh), said


def test_why_there_is_no_plan_has_words() -> None:
    """The very sentences of the solver's diagnosis and of the knobs."""
    network = Network(Axis(NOW, 2))
    bus = network.node("母线", carrier="electricity", unit="MW")
    network.flow("负荷", take=bus, fixed=5.0)
    network.flow("电源", give=bus, cap=3.0)
    with pytest.raises(SolveError) as failed:
        solve(network)
    knob = Knob("容量", "a", answer_told("x"), "size", "MW", 5.0, 0.0, 9.0)
    with pytest.raises(InputError) as refused:
        written([knob], {"容量": 12.0, "别处": 1.0})
    for said in (str(failed.value), *map(str, refused.value.problems)):
        assert not re.search("[a-z]{3}", answer_told(said).zh), said


HOSTILE = (
    "1", "'", "''", " ", "1 ", "“", ": ", "; ", "; : ", "\n", " flows in ", " rises by ", "write ",
    "take ", "trucks say '", "the key '", "the node '", " whole numbers; write 'on_off: true' ",
    "1 a is out of its range; ", "no order '", "is below ", "-",
)  # fmt: skip
"""What patterns begin with, or go on with: said over and over it makes them try again and again."""


@pytest.mark.parametrize("said", [*HOSTILE, "there is no such person; "])
def test_what_is_long_is_left_as_it_is(said: str) -> None:
    """A request's line can be 60 kB, and a refusal repeats it: nothing is looked for, or kept."""
    text = said * (LONGEST // len(said) + 1)
    before = answers._turned.cache_info()
    assert chinese(text) is text
    assert answer_told(text) == (text, text)
    assert answers._turned.cache_info() == before


def test_no_text_is_long_to_turn() -> None:
    """As long as may be, the worst takes little more work than a sentence of ours said often."""

    def work(text: str) -> float:
        begin = time.process_time()
        answers._turned.__wrapped__(text)
        return time.process_time() - begin

    ours = "the planner did not answer within 60 s; " * 25
    usual = max(work(ours) for _ in range(5))
    nearly = " whole numbers; write 'on_off: true' (a slower plan) or leave it outside "
    for said in HOSTILE:
        assert work((nearly + said * LONGEST)[:LONGEST]) < 50 * usual, said
