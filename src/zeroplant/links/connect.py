"""From a template and an address to a device that is kept."""

from __future__ import annotations

from collections.abc import Mapping

from zeroplant.errors import InputError, Problem
from zeroplant.links.address import Address
from zeroplant.links.budget import Budget
from zeroplant.links.clock import Clock
from zeroplant.links.dlt645_template import Dlt645Template
from zeroplant.links.keeper import Keeper
from zeroplant.links.line import Lines
from zeroplant.links.link import Link
from zeroplant.links.modbus_template import ModbusTemplate
from zeroplant.links.mqtt_template import MqttTemplate

PATIENCE = 1.0
"""Seconds that a cycle waits for a device; a slower one is read on in the background."""

AnyTemplate = ModbusTemplate | MqttTemplate | Dlt645Template


def link_to(
    template: AnyTemplate,
    name: str,
    at: str,
    clock: Clock,
    ratings: Mapping[str, str | float] | None = None,
    *,
    lines: Lines | None = None,
) -> Link:
    """The bare link to a device, not yet open. The protocol's library is loaded here.

    Links with the same ``lines`` take turns where they are reached at the same place.

    Raises InputError for an address or a rating that cannot be, or a library not installed.
    """
    address = Address.parse(at)
    try:
        if isinstance(template, MqttTemplate):
            from zeroplant.links.mqtt import MqttLink

            return MqttLink(template, name, address, clock, ratings)
        line = (lines or Lines(clock)).at(address.host, address.port, template.gap)
        if isinstance(template, ModbusTemplate):
            from zeroplant.links.modbus import ModbusLink

            return ModbusLink(template, name, address, clock, ratings, line=line)
        from zeroplant.links.dlt645 import Dlt645Link

        return Dlt645Link(template, name, address, clock, ratings, line=line)
    except ModuleNotFoundError as error:
        what = f"'{error.name}' is not installed"
        instead = "install it with: pip install 'zeroplant[links]'"
        raise InputError(Problem(what, instead=instead)) from None


def connect(
    template: AnyTemplate,
    name: str,
    at: str,
    clock: Clock,
    ratings: Mapping[str, str | float] | None = None,
    *,
    lines: Lines | None = None,
) -> Keeper:
    """A device that is kept as its template says; it connects at the first read."""
    return Keeper(
        link_to(template, name, at, clock, ratings, lines=lines),
        clock,
        every=template.every,
        deadline=template.deadline,
        patience=min(template.deadline, PATIENCE),
        budget=Budget(template.every, template.limits()),
        heartbeat=template.beats(name),
    )
