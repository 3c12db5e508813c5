"""A worksheet that takes formulae as they are written."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet


class Page(Worksheet):  # type: ignore[misc]  # untyped
    """XlsxWriter's, without its search of every formula for thirty functions that want a prefix.

    None of them is used; the search is more than half of the time a report's workbook takes.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")
