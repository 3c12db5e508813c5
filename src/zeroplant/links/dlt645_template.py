"""Templates of meters that speak DL/T 645-2007."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from zeroplant.links.measures import Seconds
from zeroplant.links.template import DeviceTemplate, Section, TemplatePoint


class Item(Section):
    """A data item of the standard's annex A: its identifier (DI3 to DI0) and its digits."""

    identifier: Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{8}$")]
    format: Annotated[str, StringConstraints(pattern=r"^X{1,8}(\.X{1,4})?$")] = Field(
        description="digits before and after the point, such as XX.XXXX"
    )
    signed: bool = Field(False, description="whether the highest bit is the sign")

    @property
    def digits(self) -> int:
        """Digits in all."""
        return self.format.count("X")

    @property
    def decimals(self) -> int:
        """Digits behind the point."""
        return len(self.format.partition(".")[2])


class Dlt645Point(TemplatePoint):
    """A point of a meter; meters are only read."""

    read: Item


class Dlt645Template(DeviceTemplate[Dlt645Point]):
    """A meter on DL/T 645-2007, over TCP: a concentrator, or a serial server before its bus."""

    protocol: Literal["dlt645"]
    gap: Seconds = Field(0.0, ge=0, description="least time between two requests")
    answer: Seconds = Field(2.0, gt=0, description="longest that one answer may take")
    wake: int = Field(4, ge=0, le=4, description="bytes FE that wake the meter before a frame")
