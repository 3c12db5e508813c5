"""The sheet of assets: when each is bought, retired, written down, and what it still gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zeroplant.plan.report.text import Text
from zeroplant.plan.report.xlsx.book import Row, Sheet, Yearly
from zeroplant.plan.report.xlsx.formula import (
    Formula,
    Operand,
    all_of,
    any_of,
    as_formula,
    least,
    most,
    when,
    whole,
)
from zeroplant.plan.report.xlsx.inputs import Inputs, ItemCells

Line = Callable[[int, Row], Operand]
"""What a cell of a yearly line holds, from the year and the line's earlier cells."""


@dataclass(frozen=True)
class ItemRows:
    """Yearly lines of one thing bought."""

    cells: ItemCells
    bought: Row
    vat: Row
    depreciation: Row
    first_share: Row
    salvage: Row
    output: Row


@dataclass(frozen=True)
class Schedule:
    """Sums over all things bought, and the output curves of owners."""

    sheet: Yearly
    inputs: Inputs
    items: list[ItemRows]

    def summed(self, rows: Sequence[Row], year: int) -> Formula:
        """One year of several lines."""
        start: Formula = as_formula(0.0)
        for place, row in enumerate(rows):
            start = row[year] if place == 0 else start + row[year]
        return start

    def output(self, who: str | None) -> list[Formula]:
        """Output of an owner's things, or of the plant, relative to year 1 as new; by year."""
        own = [rows for rows in self.items if rows.cells.item.who == who]
        years = range(self.sheet.years + 1)
        if own:
            return [self._mean(own, year) for year in years]
        if self.inputs.project.degradation is None and self.items:
            return [self._mean(self.items, year) for year in years]
        loss = self.inputs["plant_degradation"]
        return [as_formula(0.0), *((1 - loss) ** (year - 1) for year in years[1:])]

    def _mean(self, items: list[ItemRows], year: int) -> Formula:
        """Mean of output curves, weighted by the cost of each item."""
        if len(items) == 1:
            return items[0].output[year]
        costs = [rows.cells["capex"] for rows in items]
        plain = self.summed([rows.output for rows in items], year) / len(items)
        weighted, cost = as_formula(0.0), as_formula(0.0)
        for place, rows in enumerate(items):
            part = costs[place] * rows.output[year]
            weighted = part if place == 0 else weighted + part
            cost = costs[place] if place == 0 else cost + costs[place]
        return when(cost > 0, weighted / cost, plain)


def lay_out(sheet: Sheet, inputs: Inputs) -> Schedule:
    """Write the lines of every item."""
    yearly = Yearly(sheet, inputs.terms.years)
    yearly.head(Text("Assets over the years", "资产逐年计划"))
    return Schedule(yearly, inputs, [_Item(yearly, inputs, cells).rows() for cells in inputs.items])


@dataclass(frozen=True)
class _Item:
    """Lines of one item; each asks when the unit in service was installed and will go."""

    yearly: Yearly
    inputs: Inputs
    cells: ItemCells

    def rows(self) -> ItemRows:
        c, n = self.cells, self.yearly.years
        self.yearly.section(c.item.who)
        row = self.yearly.row

        def unit(year: int, me: Row) -> Operand:
            if year < 2:
                return 0
            again = all_of(
                c["replacement"] > 0, whole(c["life"] * (me[year - 1] + 1)).equals(year - 1)
            )
            return me[year - 1] + when(again, 1, 0)

        units = row(Text("Unit in service", "在役批次"), unit, style="count")
        start = row(
            Text("Installed in year", "投运年"),
            lambda t, _: whole(c["life"] * units[t]),
            style="count",
        )

        def last(year: int, _: Row) -> Operand:
            following = whole(c["life"] * (units[year] + 1))
            alone = least(start[year] + whole(c["life"]), n)
            return when(all_of(c["replacement"] > 0, following < n), following, alone)

        end = row(Text("Retired in year", "退役年"), last, style="count")
        price = row(Text("Price of the unit in service", "在役批次价格"), self._price(units, start))
        net, tax = self._vat_shares()
        paid = self._paid()
        bought = row(
            Text("Bought, without VAT", "购置（不含税）"), lambda t, _: paid(t, units) * net
        )
        vat = row(Text("VAT on it", "购置进项税"), lambda t, _: paid(t, units) * tax)
        share = row(Text("Share written down", "折旧率"), self._share(start, end), style="share")
        return ItemRows(
            c,
            bought,
            vat,
            row(Text("Depreciation", "折旧"), lambda t, _: price[t] * net * share[t]),
            row(
                Text("Share of the first unit", "首批折旧率"),
                lambda t, _: when(units[t].equals(0), share[t], 0),
                style="share",
            ),
            row(
                Text("Scrap value", "回收残值"),
                lambda t, _: when(end[t].equals(t), c["salvage"] * price[t] * net, 0) if t else 0,
            ),
            row(Text("Output relative to new", "相对出力"), self._output(start), style="share"),
        )

    def _vat_shares(self) -> tuple[Formula, Formula]:
        """Share of a price that is net, and share that is VAT."""
        c, inputs = self.cells, self.inputs
        row = self.yearly.sheet.next
        sheet = self.yearly.sheet
        inclusive = inputs["prices_include_vat"].equals(1)
        parts = []
        for part in ("equipment", "construction"):
            rate = inputs[f"vat_{part}"]
            parts.append(c[part] * when(inclusive, rate / (1 + rate), rate))
        sheet.put(row, 0, Text("VAT share of the price, net share", "价格中税额占比、净额占比"))
        tax = sheet.put(row, 1, parts[0] + parts[1], "share")
        net = sheet.put(row, 2, when(inclusive, 1 - tax, 1), "share")
        sheet.next += 1
        return net, tax

    def _price(self, units: Row, start: Row) -> Line:
        c, inputs = self.cells, self.inputs

        def price(year: int, _: Row) -> Operand:
            later = c["replacement"] * (1 - c["decline"]) ** start[year]
            cost = c["capex"] * inputs["capex_factor"]
            return cost * when(units[year].equals(0), 1, later)

        return price

    def _paid(self) -> Callable[[int, Row], Formula]:
        """Price of what is bought in a year."""
        c, inputs, n = self.cells, self.inputs, self.yearly.years

        def paid(year: int, units: Row) -> Formula:
            cost = c["capex"] * inputs["capex_factor"]
            if year == 0:
                return cost
            if year >= n:
                return as_formula(0.0)
            due = all_of(c["replacement"] > 0, whole(c["life"] * (units[year] + 1)).equals(year))
            return when(due, cost * c["replacement"] * (1 - c["decline"]) ** year, 0)

        return paid

    def _share(self, start: Row, end: Row) -> Line:
        c, inputs = self.cells, self.inputs

        def done(year: int, place: int) -> Formula:
            age = place - start[year] - inputs["half_year_convention"] / 2
            return most(0, least(1, age / c["write_down"])) * (1 - inputs["residual_share"])

        def share(year: int, _: Row) -> Operand:
            if year == 0:
                return 0
            off = all_of(inputs["write_off"].equals(1), end[year].equals(year))
            usual = done(year, year) - done(year, year - 1)
            part = when(off, 1 - done(year, year - 1), usual)
            return when(end[year] < year, 0, part)

        return share

    def _output(self, start: Row) -> Line:
        c = self.cells

        def output(year: int, _: Row) -> Operand:
            if year == 0:
                return 0
            works = any_of(c["replacement"] > 0, whole(c["life"]) >= year)
            age = (year - 1) - start[year]
            return when(works, (1 - c["degradation"]) ** age, 0)

        return output
