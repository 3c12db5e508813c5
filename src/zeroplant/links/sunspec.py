"""SunSpec: a device lists its register models one after the other, each with number and length.

Where a model begins differs from maker to maker, so templates count from its beginning, and the
list is read when the device is connected. Source: SunSpec Device Information Model Specification.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from zeroplant.links.modbus_template import Control, ModbusTemplate, Register

MARK = (0x5375, 0x6E53)
"""The letters SunS, with which the list begins."""

BASES = (40_000, 50_000, 0)
"""Where it may begin."""

END = 0xFFFF
"""Number of the model that is none."""

MOST = 100
"""Models after which a list is taken for a broken one."""

Ask = Callable[[int, int], Awaitable[Sequence[int] | None]]
"""Address and count of holding registers to their content; None where the device refuses."""


async def discover(ask: Ask) -> dict[int, int]:
    """First register of each model of a device. Raises ConnectionError if it lists none."""
    for base in BASES:
        if tuple(await ask(base, 2) or ()) == MARK:
            return await _listed(ask, base + 2)
    message = "the device lists no SunSpec models"
    raise ConnectionError(message)


async def _listed(ask: Ask, address: int) -> dict[int, int]:
    starts: dict[int, int] = {}
    for _ in range(MOST):
        head = await ask(address, 2) if address < END else None
        if not head or head[0] == END:
            return starts
        starts.setdefault(head[0], address)
        address += 2 + head[1]
    message = f"the device's list of SunSpec models does not end after {MOST}"
    raise ConnectionError(message)


def needed(template: ModbusTemplate) -> list[list[int]]:
    """The models that a template counts from: of each group the first that a device has."""
    spots = [spot for point in template.points.values() for spot in (point.read, point.write)]
    return [spot.models for spot in spots if spot is not None and spot.models]


def placed(template: ModbusTemplate, starts: Mapping[int, int]) -> ModbusTemplate:
    """The template of a device whose models begin at ``starts``, in plain addresses.

    Raises ConnectionError where it lacks a model.
    """
    points = {
        name: point.model_copy(
            update={"read": _moved(point.read, starts), "write": _told(point.write, starts)}
        )
        for name, point in template.points.items()
    }
    return template.model_copy(update={"points": points})


def _start(models: Sequence[int], starts: Mapping[int, int]) -> int:
    for model in models:
        if model in starts:
            return starts[model]
    message = f"the device has no SunSpec model {' or '.join(map(str, models))}"
    raise ConnectionError(message)


Spot = TypeVar("Spot", Register, Control)


def _moved(spot: Spot | None, starts: Mapping[int, int]) -> Spot | None:
    if spot is None or not spot.models:
        return spot
    start = _start(spot.models, starts)
    scale = None if spot.scale_register is None else start + spot.scale_register
    update: dict[str, object] = {
        "address": start + spot.address,
        "scale_register": scale,
        "models": [],
    }
    return spot.model_copy(update=update)


def _told(control: Control | None, starts: Mapping[int, int]) -> Control | None:
    moved = _moved(control, starts)
    if moved is None or control is None or not control.models:
        return moved
    start = _start(control.models, starts)
    also = [each.model_copy(update={"address": start + each.address}) for each in control.also]
    revert = control.revert
    if revert is not None:
        revert = revert.model_copy(update={"address": start + revert.address})
    return moved.model_copy(update={"also": also, "revert": revert})
