"""Capital: what a plant costs, earns, owes and returns over its life.

``appraise(project, terms)`` gives the yearly statement and the measures of one case,
``evaluate(project, terms, variants)`` the measures of thousands at once, and ``tornado`` what each
figure does to a measure. The conventions stand in docs/explanation/capital.md.
"""

from zeroplant.capital.appraisal import Appraisal, Note, appraise
from zeroplant.capital.cashflow import CashFlow, cash_flow
from zeroplant.capital.irr import Returns, irr, npv
from zeroplant.capital.measures import MeasureArrays, Measures, measures
from zeroplant.capital.operation import Carried, carried
from zeroplant.capital.project import CapitalItem, Kind, Project, YearLine
from zeroplant.capital.regime import Regime, regime, regimes
from zeroplant.capital.statement import Line, Statement, statement
from zeroplant.capital.terms import DebtTerms, Escalation, Terms
from zeroplant.capital.tornado import LABELS, SWINGS, Bar, evaluate, tornado
from zeroplant.capital.variants import Variants

__all__ = [
    "LABELS",
    "SWINGS",
    "Appraisal",
    "Bar",
    "CapitalItem",
    "Carried",
    "CashFlow",
    "DebtTerms",
    "Escalation",
    "Kind",
    "Line",
    "MeasureArrays",
    "Measures",
    "Note",
    "Project",
    "Regime",
    "Returns",
    "Statement",
    "Terms",
    "Variants",
    "YearLine",
    "appraise",
    "carried",
    "cash_flow",
    "evaluate",
    "irr",
    "measures",
    "npv",
    "regime",
    "regimes",
    "statement",
    "tornado",
]
