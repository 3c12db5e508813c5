"""Templates of devices that speak Modbus TCP."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from zeroplant.errors import InputError, Problem
from zeroplant.links.measures import Seconds
from zeroplant.links.registers import WIDTHS, RegisterType, reserved
from zeroplant.links.template import DeviceTemplate, Section, Target, TemplatePoint

ADDRESS = Field(ge=0, le=65535, description="protocol address, from 0")


class Register(Section):
    """Where a number stands. Addresses are those of the protocol: the first register is 0."""

    address: int = ADDRESS
    type: RegisterType = "uint16"
    table: Literal["holding", "input"] = "holding"
    scale_register: int | None = Field(
        None, ge=0, le=65535, description="register (int16) with the power of ten that scales it"
    )
    unknown: int | None = Field(None, description="the number that stands for 'not known'")
    when: list[int] = Field([], description="read as 1 where the register has one of these, else 0")
    models: list[int] = Field(
        [], description="SunSpec models, of which the first that is there is counted from"
    )

    @property
    def width(self) -> int:
        """How many registers it takes."""
        return WIDTHS[self.type]


class Fixed(Section):
    """A register that is set to the same number whenever the point is."""

    address: int = ADDRESS
    value: int = Field(ge=0, le=65535)


class Revert(Section):
    """The register with the time after which the device takes a set-point back by itself."""

    address: int = ADDRESS
    type: RegisterType = "uint16"
    unit: Literal["s", "min"] = "s"


class Control(Target):
    """Where a set-point is written, and what makes it hold and lapse."""

    address: int = ADDRESS
    type: RegisterType = "uint16"
    scale_register: int | None = Field(None, ge=0, le=65535)
    revert: Revert | None = None
    also: list[Fixed] = Field([], description="written after it, such as an enabling switch")
    models: list[int] = Field(
        [], description="SunSpec models, of which the first that is there is counted from"
    )


class ModbusPoint(TemplatePoint):
    """A point in registers."""

    read: Register | None = None
    write: Control | None = None


class ModbusTemplate(DeviceTemplate[ModbusPoint]):
    """A device on Modbus TCP."""

    protocol: Literal["modbus"]
    sunspec: bool = Field(
        False, description="whether the numbers that SunSpec reserves stand for 'not known'"
    )
    words: Literal["high first", "low first"] = Field(
        "high first", description="order of the registers of a number that takes more than one"
    )
    gap: Seconds = Field(0.0, ge=0, description="least time between two requests")
    bridge: int = Field(
        0, ge=0, le=50, description="unused registers that may be read along in one request"
    )

    @model_validator(mode="after")
    def _lapses(self) -> ModbusTemplate:
        problems = []
        for name, point in self.points.items():
            where = f"points.{name}"
            if point.part is not None and not _signed(point):
                what = "a side of a number that has no sign"
                problems.append(Problem(what, where=where, instead="use a signed type"))
            control = point.write
            if control is None or name == self.heartbeat.ours:
                continue
            if control.revert is None and point.fallback is None:
                what = "a set-point would stand for ever"
                instead = "add write.revert, or a fallback that is written at its end"
                problems.append(Problem(what, where=where, instead=instead))
        if problems:
            raise InputError(problems)
        return self

    def missing(self, register: Register) -> int | None:
        """The number that stands for 'not known' in a register, if there is one."""
        if register.unknown is None and self.sunspec:
            return reserved(register.type)
        return register.unknown


def _signed(point: ModbusPoint) -> bool:
    spots = [spot for spot in (point.read, point.write) if spot is not None]
    return all(not spot.type.startswith("uint") for spot in spots)
