"""No two people have names that are taken for one another."""

from __future__ import annotations

import pytest

from zeroplant.portal.access.names import unfit_name
from zeroplant.portal.answers import answer_told

HERE = ("anna", "王伟", "Straße", "иван")


@pytest.mark.parametrize(
    "name",
    ["bo", "anna2", "a.b-c@plant.example", "王伟2", "王wei", "佐々木", "センター", "Øre", "ελένη",
     "anne", "ivan"],
)  # fmt: skip
def test_names_as_people_have_them(name: str) -> None:
    assert unfit_name(name, HERE) is None


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("anna", "用户“anna”已存在"),
        ("Anna", "“Anna”与已有用户“anna”难以区分"),
        ("ａｎｎａ", "“ａｎｎａ”与已有用户“anna”难以区分"),
        ("STRASSE", "“STRASSE”与已有用户“Straße”难以区分"),
        ("\u0430nna", "“\u0430nna”混用了多种文字的字母；请只用一种"),  # a Cyrillic a
        ("an\u03bda", "“an\u03bda”混用了多种文字的字母；请只用一种"),  # a Greek nu
        ("王и", "“王и”混用了多种文字的字母；请只用一种"),
        ("an na", "“an na”不能用作用户名；请使用字母、数字、. - @，至多 64 个字符"),
    ],
)
def test_what_reads_like_another_is_refused_in_both_languages(name: str, why: str) -> None:
    problem = unfit_name(name, HERE)
    assert problem is not None
    told = answer_told(str(problem))
    assert told.zh == why
    assert told.en == str(problem)


def test_a_name_that_somebody_has_keeps_its_own_spelling() -> None:
    """Who was let in before there was this rule stays; theirs is compared like any other."""
    assert unfit_name("anna", ("\u0430nna",)) is None
    assert (
        str(unfit_name("ANNA", ("Anna",)))
        == "name: 'ANNA' reads like 'Anna', whom there is already"
    )
