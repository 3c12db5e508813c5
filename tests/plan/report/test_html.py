"""The page's source: self-contained, escaped, in both languages, quick."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from tests.plan.report import sample
from zeroplant.plan.report import write_html
from zeroplant.plan.report.html import SECTIONS
from zeroplant.plan.result import Cure

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Outline(HTMLParser):
    """Collects tags, their nesting errors, and ids."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def source(plan: sample.Result, folder: Path) -> str:
    """The page of a plan."""
    write_html(plan, folder / "report.html")
    return (folder / "report.html").read_text(encoding="utf-8")


def outline(page: str) -> Outline:
    """The page, parsed."""
    found = Outline()
    found.feed(page)
    return found


def test_page_is_whole_and_alone(planned: sample.Result, tmp_path: Path) -> None:
    """Every tag is closed, ids are unique, nothing is fetched, and all sections are there but
    those of which this plant has nothing to say.
    """
    page = source(planned, tmp_path)
    found = outline(page)
    assert found.wrong == []
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert set(SECTIONS) - {"carriers", "findings", "scenarios"} <= set(found.ids)
    fetched = [v for n, v in found.attributes if n in ("src", "href", "srcset") and v[:1] != "#"]
    assert fetched == []
    assert not re.search(r"@import|url\(", page)


def test_names_from_the_plant_file_are_harmless(planned: sample.Result, tmp_path: Path) -> None:
    """A plant, an asset, a ledger line and a note that are markup are shown, not obeyed."""
    evil = "<script>alert(1)</script>\"'&"
    plant = replace(planned.plant, name=evil, assets={evil: planned.plant.assets["wind"]})
    rules = [replace(rule, source=evil, title_en=evil, note=evil) for rule in planned.rules]
    net = planned.network
    line, flow, node = net.lines[0], net.flows[0], net.nodes[0]
    kept = line.what, line.who, flow.name, node.name
    planned.solution.__dict__.pop("ledger", None)
    line.what, line.who, flow.name, node.name = (evil,) * 4
    try:
        page = source(replace(planned, plant=plant, rules=rules), tmp_path)
    finally:
        line.what, line.who, flow.name, node.name = kept
        planned.solution.__dict__.pop("ledger", None)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)") > 8
    assert len(re.findall("<script>", page)) == 2
    assert outline(page).wrong == []


def test_every_word_is_in_both_languages(planned: sample.Result, tmp_path: Path) -> None:
    """As many English as Chinese parts, and headings never in one language alone."""
    page = source(planned, tmp_path)
    english, chinese = (len(re.findall(rf'class="[^"]*\b{x}"', page)) for x in ("en", "zh"))
    assert english == chinese > 300
    for heading in re.findall(r"<h2[^>]*>(.*?)</h2>", page):
        assert 'class="en"' in heading
        assert 'class="zh"' in heading
    words = "".join(re.findall(r'class="zh" lang="zh-CN">([^<]*)<', page))
    assert "净现值" in words
    assert "亿元" in words


def test_broken_rule_is_named_with_its_cure(tmp_path: Path) -> None:
    """A rule no plan can keep: the verdict counts it, the rule says by how much, the cure shows."""
    choice = {"pack": "cn-direct-connection-650", "self_use_min": 1.0, "breach": 10.0}
    plan = sample.result(terms=None, choices=(choice,))
    broken = [rule for rule in plan.rules if rule.met is False and rule.binding]
    assert broken
    name = f"{broken[0].rule}: {broken[0].indicator}"
    cure = Cure(name, 5.0, "MWh", {"battery.power": (100.0, 150.0)}, 2.5e6, ("raise <it>", "增容"))
    page = source(replace(plan, cures=[cure]), tmp_path)
    assert "1 of 2 binding rules are broken" in page
    assert "raise &lt;it&gt;" in page
    assert "增容" in page
    assert "The plan breaks this rule by" in source(plan, tmp_path)
    assert "The plant file has no terms of finance" in page


def test_single_period_plant(tmp_path: Path) -> None:
    """A horizon of one day gives a page too; nothing divides by what is not there."""
    page = source(sample.result(time=sample.axis(6.0, 1), choices=()), tmp_path)
    assert outline(page).wrong == []
    body = re.sub(r"(?s)<(style|script)>.*?</\1>|<[^>]*>", " ", page)
    assert not re.search(r"\b(nan|inf|None)\b", body)
