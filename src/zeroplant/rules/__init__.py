"""Rules as data: dated, sourced packs that limit a plan and check a result.

`packs`, `load` and `test` are the library; a plant file names a pack through `RuleChoice`.
Planning: ``apply([choice.resolve(year), …], network)``; proving: ``check(packs, account)``.
"""

from __future__ import annotations

from zeroplant.rules.account import QUANTITIES, Quantity
from zeroplant.rules.choice import RuleChoice
from zeroplant.rules.evaluators import Indicator
from zeroplant.rules.factors import EmissionFactor, factor
from zeroplant.rules.library import load, packs
from zeroplant.rules.pack import Pack
from zeroplant.rules.planning import Laid, account_of, apply, measured_account
from zeroplant.rules.proving import RuleResult, check
from zeroplant.rules.testing import ExampleResult, test

__all__ = [
    "QUANTITIES",
    "EmissionFactor",
    "ExampleResult",
    "Indicator",
    "Laid",
    "Pack",
    "Quantity",
    "RuleChoice",
    "RuleResult",
    "account_of",
    "apply",
    "check",
    "factor",
    "load",
    "measured_account",
    "packs",
    "test",
]
