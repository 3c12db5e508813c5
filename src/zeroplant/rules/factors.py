"""Emission factors of grid electricity, by region and year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.rules.figures import Confidence, FactorTable
from zeroplant.rules.library import load
from zeroplant.rules.pack import Pack

PACK = "cn-grid-emission-factors"


@dataclass(frozen=True)
class EmissionFactor:
    """CO2 of one MWh of grid electricity.

    ``kind``: "average", "without_traded_green" (market-traded non-fossil energy taken out) or
    "fossil". ``level``: "national", "regional_grid" or "province".
    """

    value: float
    region: str
    region_zh: str
    year: int
    kind: str
    level: str
    source: str
    confidence: Confidence


def factor(
    region: str, year: int | None = None, *, kind: str = "average", pack: str = PACK
) -> EmissionFactor:
    """The factor of a region (English or Chinese name) in tCO2/MWh, of the latest year if none.

    Raises InputError naming the regions, years or kinds there are.
    """
    return factor_of(load(pack), region, year, kind=kind)


def factor_of(
    pack: Pack, region: str, year: int | None = None, *, kind: str = "average"
) -> EmissionFactor:
    """See `factor`; of a pack at hand."""
    kinds = sorted({table.kind for table in pack.tables})
    if kind not in kinds:
        raise InputError(Problem(f"no emission factors of kind '{kind}'", pack.name, _or(kinds)))
    tables = [table for table in pack.tables if table.kind == kind]
    name = _region(pack, tables, region)
    years = {table.year: table for table in tables if name in table.values}
    if year is None:
        year = max(years)
    if year not in years:
        there_are = _or(str(each) for each in sorted(years))
        what = f"no emission factor of {name} for {year}"
        raise InputError(Problem(what, pack.name, there_are))
    return _factor(pack, years[year], name)


def _factor(pack: Pack, table: FactorTable, name: str) -> EmissionFactor:
    return EmissionFactor(
        table.values[name],
        name,
        pack.regions.get(name, name),
        table.year,
        table.kind,
        table.level,
        table.source,
        table.confidence,
    )


def _region(pack: Pack, tables: list[FactorTable], asked: str) -> str:
    """The region's name in the tables, whatever its case, spaces or language."""
    names = list(dict.fromkeys(name for table in tables for name in table.values))
    folded = {_fold(name): name for name in names}
    folded |= {_fold(pack.regions[name]): name for name in names if name in pack.regions}
    if _fold(asked) not in folded:
        what = f"no emission factor of '{asked}'"
        raise InputError(Problem(what, pack.name, suggestion(asked, names)))
    return folded[_fold(asked)]


def _fold(name: str) -> str:
    return name.casefold().replace(" ", "").replace("_", "").replace("-", "")


def _or(names: Iterable[str]) -> str:
    return f"there are: {', '.join(names)}"
