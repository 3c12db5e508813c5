"""Templates of devices and gateways that speak MQTT with JSON in their messages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from zeroplant.errors import InputError, Problem
from zeroplant.links.template import DeviceTemplate, Section, Target, TemplatePoint

Topic = Annotated[str, StringConstraints(pattern=r"^[^#+/\x00][^#+\x00]*$", max_length=200)]
"""A topic below that of the device, without wildcards."""


class Member(Section):
    """A member of a JSON message; dots lead into nested objects."""

    topic: Topic
    key: str = Field(min_length=1, max_length=100)
    when: list[str | int | bool] = Field([], description="read as 1 if it is one of these, else 0")
    otherwise: str | int | bool = Field("off", description="what is written for 0, with 'when'")

    def word(self, value: float) -> str | int | bool:
        """What stands for 1 or 0 in a message, where words do."""
        return self.when[0] if value >= 0.5 else self.otherwise


class Told(Member, Target):
    """A member that is written."""


class MqttPoint(TemplatePoint):
    """A point in messages."""

    read: Member | None = None
    write: Told | None = None


class MqttTemplate(DeviceTemplate[MqttPoint]):
    """A device or gateway behind a broker; all topics stand below the one of its address."""

    protocol: Literal["mqtt"]
    time: str = Field(
        "time", description="member of a message with its event time, ISO 8601 or epoch seconds"
    )
    status: Topic | None = Field(
        None, description="topic with the words online and offline, the latter as its last will"
    )
    answers: Topic | None = Field(
        None, description="topic on which the device answers what it was told"
    )
    until: str | None = Field(
        "until", description="member with the end of a set-point, where the device heeds one"
    )

    @model_validator(mode="after")
    def _lapses(self) -> MqttTemplate:
        problems = [
            Problem(
                "a set-point would stand for ever",
                where=f"points.{name}",
                instead="name the member 'until' that the device heeds, or add a fallback",
            )
            for name, point in self.points.items()
            if point.write is not None and self.until is None and point.fallback is None
            and name != self.heartbeat.ours
        ]  # fmt: skip
        if problems:
            raise InputError(problems)
        return self
