"""Fees, payments and limits that a rule sets: plain functions of plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zeroplant.rules import response


def connected_capacity_fee(
    *,
    volumetric_price: float,
    load_factor: float,
    month_hours: float,
    capacity_charge: float = 0.0,
) -> float:
    """Monthly grid fee per MW (or MVA) of connected capacity, money/MW/month.

    ``capacity_charge`` (money/MW/month) is the capacity or demand charge of a two-part tariff;
    ``volumetric_price`` (money/MWh) the energy price for transmission and distribution at the
    connection's voltage, which is not paid by the MWh any more; ``load_factor`` the average load
    factor of the province's two-part users at 110 kV and above; ``month_hours`` the hours of the
    month it counts for.
    """
    return capacity_charge + volumetric_price * load_factor * month_hours


def storage_capacity_payment(
    *,
    coal_capacity_price: float,
    discharge_hours: float = 0.0,
    peak_hours: float = 0.0,
    reliable_factor: float = 0.0,
    supply_demand_factor: float = 1.0,
    auxiliary_rate: float = 0.0,
) -> float:
    """Yearly capacity payment per MW of storage, money/MW/a.

    The storage counts for ``min(1, discharge_hours / peak_hours)`` of the coal capacity price
    (money/MW/a), or for ``reliable_factor`` where the authority publishes one; times the
    supply-demand factor, less the share ``auxiliary_rate`` the station uses itself.
    """
    reliable = reliable_factor or reliable_share(discharge_hours, peak_hours)
    return coal_capacity_price * supply_demand_factor * reliable * (1.0 - auxiliary_rate)


def reliable_share(discharge_hours: float, peak_hours: float) -> float:
    """Part of a storage's power that is paid: full-power discharge over the longest peak, ≤ 1.

    With power P and energy E to be chosen, the paid capacity is the linear
    ``paid ≤ P`` and ``paid ≤ E / peak_hours``; the price per MW is then the one at
    ``discharge_hours = peak_hours``.
    """
    if peak_hours <= 0:
        message = "the longest net-load peak must be longer than zero hours"
        raise ValueError(message)
    return min(1.0, max(0.0, discharge_hours) / peak_hours)


def exempted_charge(*, charge: float, year: float, last_year: float) -> float:
    """Demand or capacity charge that is left of ``charge`` in a year: none up to ``last_year``."""
    return 0.0 if year <= last_year else charge


def ungreened_share_limit(
    *, carbon_max: float, electricity_tce: float, grid_factor: float
) -> float:
    """Most grid energy without certificates an all-electric park may draw, share of its load.

    All energy is electricity, so t/tce = share · ``grid_factor`` / ``electricity_tce``.
    """
    return carbon_max * electricity_tce / grid_factor


def hydrogen_carbon_limit(
    *, fossil_comparator: float, least_saving: float, heating_value: float
) -> float:
    """Most CO2 by the kg of hydrogen, kg/kg.

    ``fossil_comparator`` (g/MJ) is what the fuel it replaces emits, ``least_saving`` the share
    that must be saved, ``heating_value`` MJ/kg of hydrogen.
    """
    return fossil_comparator * (1.0 - least_saving) * heating_value / 1000.0


def matching_span(*, matching_hours: float) -> float:
    """Hours within which generation and use must meet: 1, or the 730 of a month."""
    return matching_hours


def least_voltage(
    *, voltage: float, low_voltage: float, fall_low: float, fall_medium: float
) -> float:
    """Least voltage per unit where the nominal one is ``voltage`` [V]: its band allows a fall."""
    return 1.0 - (fall_low if voltage < low_voltage else fall_medium)


def most_voltage(*, rise: float) -> float:
    """Greatest voltage per unit."""
    return 1.0 + rise


def shore_power_due(*, stay: float, stay_min: float) -> float:
    """1 for a ship that lies longer than ``stay_min`` hours and so must use shore power, else 0."""
    return float(stay > stay_min)


def room_comfortable(*, temperature: float, coolest: float, warmest: float) -> float:
    """1 for a room [°C] within its band, else 0."""
    return float(coolest <= temperature <= warmest)


def event_allowed(*, events: float, hours: float, most_events: float, longest: float) -> float:
    """1 where homes may be asked so many times a day for so many hours each, else 0."""
    return float(events <= most_events and hours <= longest)


PAYMENTS: Mapping[str, Callable[..., float]] = {
    function.__name__: function
    for function in (
        connected_capacity_fee,
        storage_capacity_payment,
        exempted_charge,
        ungreened_share_limit,
        hydrogen_carbon_limit,
        matching_span,
        least_voltage,
        most_voltage,
        shore_power_due,
        room_comfortable,
        event_allowed,
        response.candidate_days,
        response.days_compared,
        response.day_counts,
        response.adjustment,
        response.compared_hours,
        response.response_paid,
    )
}
"""The formulas a pack may name."""
