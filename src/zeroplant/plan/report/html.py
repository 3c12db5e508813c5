"""The report as one page: both languages, charts inside, nothing fetched from anywhere."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import zeroplant
from zeroplant.files import write_atomic
from zeroplant.plan.report import figures
from zeroplant.plan.report.charts.outcomes import chain_name
from zeroplant.plan.report.facts import Facts, gather
from zeroplant.plan.report.glossary import GLOSSARY
from zeroplant.plan.report.pictures import pictures
from zeroplant.plan.report.rows import (
    assumption_tables,
    finance_terms,
    finding,
    measure_rows,
    statement_rows,
)
from zeroplant.plan.report.subject import Subject
from zeroplant.plan.report.text import Text, same
from zeroplant.plan.report.verdict import tiles, verdict
from zeroplant.plan.report.words import WORDS

if TYPE_CHECKING:
    from jinja2 import Environment

SECTIONS = (
    "verdict",
    "sizes",
    "energy",
    "carriers",
    "findings",
    "weeks",
    "curves",
    "monthly",
    "ledger",
    "scenarios",
    "finance",
    "tornado",
    "rules",
    "carbon",
    "prices",
    "assumptions",
    "solver",
    "glossary",
)
"""Sections in their order; each has a template of its name."""


def write_html(subject: Subject, path: str | Path) -> None:
    """Write the report of a plan as one self-contained page. Raises InputError if it cannot."""
    write_atomic(path, page(gather(subject)))


def page(facts: Facts) -> str:
    """The page's source."""
    templates = environment()
    names = facts.names
    templates.filters.update(part=names.part, phrase=names.phrase)
    templates.filters.update(party=names.party, carrier=names.carrier)
    return templates.get_template("report.html.j2").render(
        facts=facts,
        subject=facts.subject,
        w=WORDS,
        sections=[name for name in SECTIONS if _has(facts, name)],
        period=_period(facts),
        zone=facts.power.axis.zone,
        verdict=verdict(facts),
        tiles=tiles(facts),
        pictures=pictures(facts),
        measures=measure_rows(facts),
        statement=statement_rows(facts),
        terms=finance_terms(facts),
        assets=assumption_tables(facts),
        yuan=Text("CNY", "元") if facts.currency == "CNY" else same(facts.currency),
        glossary=GLOSSARY,
    )


def _has(facts: Facts, section: str) -> bool:
    """Whether there is anything to say in a section."""
    if section == "tornado":
        return facts.subject.finance is not None and bool(facts.subject.finance.tornado)
    if section in ("carriers", "findings"):
        return bool(facts.balances if section == "carriers" else facts.findings)
    if section == "scenarios":
        return facts.outcomes is not None
    return section != "rules" or bool(facts.rules or facts.cures)


def _period(facts: Facts) -> str:
    """First and last day on the plant's clock."""
    local = facts.power.axis.local.astype("M8[D]")
    return f"{local[0]} – {local[-1]}"


def environment(*packages: str) -> Environment:
    """Templates of the report, with the filters they use, its looks and its script.

    Templates of ``packages`` come before those of the same name here.
    """
    from jinja2 import (
        ChoiceLoader,
        Environment,
        PackageLoader,
        StrictUndefined,
        select_autoescape,
    )

    own = "zeroplant.plan.report"
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(each, "templates") for each in (*packages, own)]),
        # A template's own markup is the only markup: text from the plant file is escaped.
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_filters())
    folder = resources.files(own) / "templates"
    environment.globals.update(
        version=zeroplant.__version__,
        style=(folder / "style.css").read_text(encoding="utf-8"),
        script=(folder / "script.js").read_text(encoding="utf-8"),
    )
    return environment


def _filters() -> dict[str, Any]:
    return {
        "number": figures.number,
        "percent": figures.percent,
        "energy": figures.energy,
        "emissions": figures.emissions,
        "money": figures.money,
        "price": figures.price,
        "table_money": figures.table_money,
        "unit": figures.unit_text,
        "quantity": figures.quantity,
        "ratio": figures.ratio,
        "finding": finding,
        "text": lambda pair: Text(*pair),
        "fill": lambda pattern, *values: pattern.format(*values),
        "chain": chain_name,
        "fill_text": lambda words, *values: words.format(*values),
        "word": lambda key: WORDS.get(key, same(key)),
        "finite": figures.exists,
        "seconds": _seconds,
    }


def _seconds(value: float) -> Text:
    return Text(f"{figures.number(value)} s", f"{figures.number(value)} 秒")
