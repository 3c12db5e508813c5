"""The formulas of the rules: from an energy account to a ratio of two of its quantities.

Every function is linear in the account, so it takes numbers (proving) and expressions of the
waist (planning) alike. Keyword arguments of type float are figures of the pack, found by their
name; the others are written in the pack beside the evaluator's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from zeroplant.rules.account import QUANTITIES
from zeroplant.waist.linear import Affine

Sense = Literal[">=", "<="]
T = TypeVar("T", float, Affine)


@dataclass(frozen=True)
class Ratio(Generic[T]):
    """Numerator over denominator.

    ``per_mwh`` is how much of the numerator one MWh of electricity makes; divided by it, every
    rule is a rule on MWh, and one price per MWh says what breaking it costs. ``unit`` is that of
    the numerator where people think of it in that and not in MWh.
    """

    numerator: T
    denominator: T
    per_mwh: float = 1.0
    unit: str = "MWh"


@dataclass(frozen=True)
class Indicator(Generic[T]):
    """A ratio with its limit: ``numerator / denominator`` ``sense`` ``limit``."""

    name: str
    title_en: str
    title_zh: str
    numerator: T
    denominator: T
    sense: Sense
    limit: float
    per_mwh: float = 1.0
    unit: str = "MWh"

    @property
    def slack(self) -> T:
        """What is left before the limit is broken, in MWh of electricity; negative if broken."""
        over = self.numerator - self.denominator * self.limit
        return over * ((1.0 if self.sense == ">=" else -1.0) / self.per_mwh)


def self_use_of_available(account: Mapping[str, T]) -> Ratio[T]:
    """Self-used new energy (generated − exported − lost) over what was available."""
    return Ratio(_self_used(account), account["new_energy_available"])


def self_use_of_load(account: Mapping[str, T]) -> Ratio[T]:
    """Self-used new energy (generated − exported − lost) over the total consumption."""
    return Ratio(_self_used(account), account["load"])


def self_use_of_generated(account: Mapping[str, T]) -> Ratio[T]:
    """Self-used new energy (generated − exported − lost) over what was generated."""
    return Ratio(_self_used(account), account["new_energy_generated"])


def export_of_available(account: Mapping[str, T]) -> Ratio[T]:
    """Energy sent to the public grid over the available new energy."""
    return Ratio(account["grid_export"], account["new_energy_available"])


def green_share(account: Mapping[str, T], *, hydro: bool, bought: bool) -> Ratio[T]:
    """Green electricity over the total consumption.

    Green is what is generated, not exported and not lost on the way, with or without ``hydro``,
    and with ``bought`` also green power over the grid and certificates. Exports and losses count
    against new energy first.
    """
    green = _self_used(account)
    if hydro:
        green = green + account["hydro_generated"]
    if bought:
        green = green + account["green_import"] + account["certificates"]
    return Ratio(green, account["load"])


def carbon_per_energy(
    account: Mapping[str, T], *, grid_factor: float, electricity_tce: float
) -> Ratio[T]:
    """CO2 per energy consumed, t/tce.

    Grid energy that is not green carries ``grid_factor`` (tCO2/MWh); electricity counts at its
    calorific value ``electricity_tce`` (tce/MWh), that of fuels bought only as the fuels.
    """
    grey = account["grid_import"] - account["green_import"] - account["certificates"]
    return Ratio(
        grey * grid_factor + account["direct_emissions"],
        _all_energy(account, electricity_tce),
        per_mwh=grid_factor,
        unit="tCO2",
    )


def clean_energy_share(account: Mapping[str, T], *, electricity_tce: float) -> Ratio[T]:
    """Clean energy over all energy consumed, both in tce at calorific value.

    Biomass that is bought counts as what was bought, and its electricity not once more.
    """
    green = green_share(account, hydro=True, bought=True).numerator
    return Ratio(
        (green - account["renewable_fuel_electricity"]) * electricity_tce
        + account["other_clean_energy"],
        _all_energy(account, electricity_tce),
        per_mwh=electricity_tce,
    )


def share(account: Mapping[str, T], *, part: str, whole: str) -> Ratio[T]:
    """One quantity of the account over another."""
    return Ratio(account[part], account[whole], unit=QUANTITIES[part].unit)


def _all_energy(account: Mapping[str, T], electricity_tce: float) -> T:
    """Comprehensive energy consumption, tce: what is bought or generated, each counted once.

    Electricity made of fuels that are bought is left out, for the fuels are there.
    """
    electricity = account["load"] - account["fuel_electricity"]
    return electricity * electricity_tce + account["other_energy"]


def _self_used(account: Mapping[str, T]) -> T:
    """New energy that reached the plant's own users.

    The cautious reading: all exports and all losses of storage and lines count against new
    energy. So it is never more than what was consumed, and burning energy in a battery that
    charges and discharges at once, in a line run both ways, or in an electrolyser that feeds a fuel
    cell, gains nothing. Where little new
    energy is generated beside much trade with the grid it may be below zero, which is none.
    """
    return account["new_energy_generated"] - account["grid_export"] - account["losses"]


EVALUATORS: Mapping[str, Callable[..., Ratio[float] | Ratio[Affine]]] = {
    function.__name__: function
    for function in (
        self_use_of_available,
        self_use_of_load,
        self_use_of_generated,
        export_of_available,
        green_share,
        carbon_per_energy,
        clean_energy_share,
        share,
    )
}
"""The evaluators a pack may name."""
