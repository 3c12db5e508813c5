"""The sheets that only tell: summary, sizes, ledger, months, rules."""

from __future__ import annotations

from zeroplant.plan.report.facts import Facts
from zeroplant.plan.report.facts.kinds import KINDS
from zeroplant.plan.report.figures import unit_text
from zeroplant.plan.report.text import Say, Text, same
from zeroplant.plan.report.verdict import verdict
from zeroplant.plan.report.words import MEASURES, WORDS
from zeroplant.plan.report.xlsx.book import Sheet
from zeroplant.plan.report.xlsx.formula import Formula
from zeroplant.plan.report.xlsx.measures import STYLES


def summary(sheet: Sheet, facts: Facts, measures: dict[str, Formula]) -> None:
    """The verdict, the measures (live), the shares and the carbon account."""
    sheet.widths.update({0: 46, 1: 24, 2: 14})
    sheet.line(facts.name, style="title")
    said = verdict(facts)
    sheet.line(said.en, style="wrap")
    sheet.line(said.zh, style="wrap")
    sheet.next += 1
    if measures:
        sheet.line(
            Text("Measures (from the cash flow)", "评价指标（取自现金流量表）"), style="section"
        )
        for key, cell in measures.items():
            sheet.put(sheet.next, 0, MEASURES[key])
            sheet.put(sheet.next, 1, cell, STYLES.get(key, "ratio"))
            sheet.next += 1
        sheet.next += 1
    sheet.line(WORDS["energy"], style="section")
    shares = facts.shares
    for name in ("self_use", "self_supply", "curtailment", "unserved"):
        _pair(sheet, WORDS[name], getattr(shares, name), "percent")
    sheet.next += 1
    sheet.line(WORDS["carbon"], style="section")
    account = facts.subject.carbon
    _pair(sheet, WORDS["emissions"], account.emissions, "money", "tCO2")
    _pair(sheet, WORDS["reference"], account.reference, "money", "tCO2")
    _pair(sheet, WORDS["intensity"], account.intensity, "ratio", "tCO2/MWh")
    _pair(sheet, WORDS["matched"], account.matched, "percent")
    _pair(sheet, WORDS["annual_match"], account.annual_match, "percent")
    sheet.next += 1
    sheet.line(WORDS["solver"], style="section")
    answer = facts.subject.solution
    _pair(sheet, WORDS["name"], answer.solver, "text")
    _pair(sheet, WORDS["status"], WORDS.get(answer.status, same(answer.status)), "text")
    _pair(sheet, WORDS["gap"], answer.gap, "percent")
    _pair(sheet, WORDS["objective"], answer.objective, "money", facts.currency)
    _pair(sheet, WORDS["seconds"], answer.seconds, "ratio", "s")


def _pair(sheet: Sheet, name: Text, value: Say | float | None, style: str, unit: str = "") -> None:
    sheet.put(sheet.next, 0, name)
    if value is not None:
        sheet.put(sheet.next, 1, value, style)
    sheet.put(sheet.next, 2, unit, "unit")
    sheet.next += 1


def sizes(sheet: Sheet, facts: Facts) -> None:
    """Every capacity."""
    sheet.widths.update({0: 34, 1: 16, 2: 12, 3: 26, 4: 14, 5: 14, 6: 20})
    sheet.line(WORDS["sizes"], style="title")
    heads = ("capacity", "value", "unit", "how", "from", "upto", "investment")
    extra = {
        "unit": Text("Unit", "单位"),
        "from": Text("From", "下限"),
        "upto": Text("To", "上限"),
    }
    sheet.line(*(extra.get(key) or WORDS[key] for key in heads), style="head")
    for row in facts.sizes:
        place = sheet.next
        sheet.put(place, 0, facts.names.part(row.name))
        sheet.put(place, 1, row.value, "ratio")
        sheet.put(place, 2, row.unit, "unit")
        sheet.put(place, 3, WORDS["chosen" if row.chosen else "given"])
        if row.chosen:
            sheet.put(place, 4, row.lower, "ratio")
            sheet.put(place, 5, row.upper if row.upper < 1e15 else "∞", "ratio")
        if row.cost is not None:
            sheet.put(place, 6, row.cost, "money")
        sheet.next += 1


def ledger(sheet: Sheet, facts: Facts) -> None:
    """Who pays whom for what in a year."""
    sheet.widths.update({0: 20, 1: 36, 2: 14, 3: 14, 4: 16, 5: 12, 6: 16, 7: 20})
    sheet.line(WORDS["ledger"], style="title")
    kind, unit = Text("Kind", "类别"), Text("Unit", "单位")
    columns = ("who", "what", "to", "quantity", "price", "amount")
    who, what, to, quantity, price, amount = (WORDS[key] for key in columns)
    sheet.line(who, what, to, kind, quantity, unit, price, amount, style="head")
    for title, entries in (
        ("revenues", facts.books.revenues),
        ("costs", facts.books.costs),
        ("penalties", facts.books.penalties),
    ):
        if entries:
            sheet.line(WORDS[title], style="section")
        for entry in entries:
            place = sheet.next
            what = facts.names.phrase(entry.what, entry.who)
            words: list[Say] = [entry.who, what, facts.names.party(entry.to), entry.kind]
            for column, said in enumerate(words):
                sheet.put(place, column, said)
            sheet.put(place, 4, entry.quantity, "ratio")
            sheet.put(place, 5, entry.unit, "unit")
            sheet.put(place, 6, entry.price, "ratio")
            sheet.put(place, 7, entry.amount, "money")
            sheet.next += 1


def monthly(sheet: Sheet, facts: Facts) -> None:
    """MWh of each month by kind of supply and use."""
    sheet.line(Text("Balance by month, MWh", "月度电量平衡（MWh）"), style="title")
    kinds = [kind for kind in KINDS if kind.key in facts.months.mwh]
    sheet.line(Text("Month", "月份"), *(kind.name for kind in kinds), style="head")
    sheet.widths.update({0: 14} | dict.fromkeys(range(1, len(kinds) + 1), 18))
    for place, month in enumerate(facts.months.months):
        sheet.put(sheet.next, 0, month, "count")
        for column, kind in enumerate(kinds, start=1):
            sheet.put(sheet.next, column, float(facts.months.mwh[kind.key][place]), "money")
        sheet.next += 1


def carriers(sheet: Sheet, facts: Facts) -> None:
    """What each node beside electricity gets and gives in a year."""
    sheet.widths.update({0: 24, 1: 20, 2: 34, 3: 16, 4: 8})
    sheet.line(WORDS["carriers"], style="title")
    heads = (WORDS["node"], WORDS["carrier"], WORDS["flow"], Text("Per year", "每年"))
    sheet.line(*heads, Text("Unit", "单位"), style="head")
    for balance in facts.balances:
        for row in [*balance.supply, *balance.use]:
            place = sheet.next
            carrier, flow = facts.names.phrase(balance.carrier), facts.names.part(row.name)
            words: list[Say] = [balance.node, carrier, flow]
            for column, said in enumerate(words):
                sheet.put(place, column, said)
            sheet.put(place, 3, row.amount, "ratio")
            sheet.put(place, 4, balance.unit, "unit")
            sheet.next += 1


def findings(sheet: Sheet, facts: Facts) -> None:
    """What each asset says of the plan."""
    sheet.widths.update({0: 24, 1: 46, 2: 16, 3: 14, 4: 60})
    sheet.line(WORDS["findings"], style="title")
    heads = (WORDS["who"], WORDS["what"], WORDS["value"], Text("Unit", "单位"), WORDS["note"])
    sheet.line(*heads, style="head")
    for name, _, rows in facts.findings:
        for row in rows:
            place = sheet.next
            sheet.put(place, 0, name)
            sheet.put(place, 1, Text(*row.title))
            sheet.put(place, 2, row.value, "percent" if row.unit == "1" else "ratio")
            unit = "" if row.unit == "1" else row.unit.replace("money", facts.currency)
            sheet.put(place, 3, unit, "unit")
            sheet.put(place, 4, Text(*row.note) if row.note else "", "wrap")
            sheet.next += 1


def rules(sheet: Sheet, facts: Facts) -> None:
    """Every indicator with value, limit, margin, shadow price and source."""
    sheet.widths.update(
        {0: 40, 1: 44, 2: 12, 3: 6, 4: 12, 5: 12, 6: 14, 7: 18, 8: 18, 9: 14, 10: 14, 11: 60}
    )
    sheet.line(WORDS["rules"], style="title")
    columns = (
        "rule",
        "what",
        "value",
        "limit",
        "margin",
        "unit",
        "state",
        "shadow",
        "unit",
        "confidence",
        "source",
    )
    names = [WORDS[key] for key in columns]
    sheet.line(*names[:3], "", *names[3:], style="head")
    for row in facts.rules:
        found, place = row.result, sheet.next
        sheet.put(place, 0, row.rule)
        sheet.put(place, 1, row.title)
        for column, value in ((2, found.value), (4, found.limit), (5, found.margin)):
            if value is not None:
                sheet.put(place, column, value, "percent" if found.unit == "1" else "ratio")
        sheet.put(place, 3, "≥" if found.sense == ">=" else "≤")
        sheet.put(place, 6, unit_text(found.unit), "unit")
        sheet.put(place, 7, WORDS[row.state])
        if row.shadow is not None:
            sheet.put(place, 8, row.shadow, "ratio")
            sheet.put(place, 9, unit_text(f"money/{found.counted}", facts.currency), "unit")
        sheet.put(place, 10, WORDS[found.confidence])
        sheet.put(place, 11, found.source)
        sheet.next += 1
        for cure in row.cures:
            sheet.put(sheet.next, 1, Text(*cure.words))
            sheet.next += 1
