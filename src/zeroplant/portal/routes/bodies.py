"""Shapes that answers of several rooms share, described for other systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from zeroplant.plan.report.text import Text


class Words(BaseModel):
    """The same in both languages of the control room."""

    en: str = Field("", description="in English")
    zh: str = Field("", description="in Chinese")

    @classmethod
    def of(cls, text: Text) -> Words:
        """A text as it is answered."""
        return cls(en=text.en, zh=text.zh)


class AlarmBody(BaseModel):
    """An alarm with its cause and what to do, in English and Chinese."""

    code: str = Field("", description="kind of alarm")
    key: str = Field("", description="what it is about")
    severity: str = Field("", description="how much it matters: critical, major or minor")
    detail: str = Field("", description="more about the cause, as the device or link said it")
    cause: str = Field("", description="what has happened")
    remedy: str = Field("", description="what to do")
    cause_zh: str = Field("", description="what has happened, in Chinese")
    remedy_zh: str = Field("", description="what to do, in Chinese")
    by: str = Field("", description="who acknowledged it")
    raised: str | None = Field(None, description="when it was raised, UTC")
    cleared: str | None = Field(None, description="when it went, UTC")
    acknowledged: str | None = Field(None, description="when somebody saw it, UTC")
    shelved_until: str | None = Field(None, description="until when it keeps silent, UTC")


class LinkBody(BaseModel):
    """Health of the link to a device, and what happened on it so far."""

    connected: bool = Field(False, description="whether it is connected now")
    trouble: str = Field("", description="what is wrong, as the link says it; empty for nothing")
    reads: int = Field(0, description="number of images read")
    failures: int = Field(0, description="number of reads and writes that failed")
    connections: int = Field(0, description="number of connections made")
    writes: int = Field(0, description="number of set-points written")
    held: int = Field(0, description="number of set-points not written, for they stood already")
    deferred: int = Field(0, description="number of set-points that waited for the write interval")
    refused: int = Field(0, description="number of set-points that the device refused")
    fallbacks: int = Field(0, description="number of times it was put to its fallback value")


class OrderThen(BaseModel):
    """An order as it stood."""

    source: str = Field(description="safety, dispatch centre, contract or person")
    kind: str = Field(description="target, most export, least export or device")
    key: str = Field(description="the flow, for a device; the event, for a contract; else empty")
    value: float | None = Field(description="MW of net export, or the power in the flow's unit")
    start: str | None = Field(description="when it begins, UTC")
    until: str | None = Field(description="when it lapses, UTC")
    person: str = Field(description="who gave it, for one of a person")
    reason: str = Field(description="why, for one of a person")

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> OrderThen:
        """An order as the journal has it; those of persons do not name their source."""
        words = {name: str(said.get(name) or "") for name in ("kind", "key", "person", "reason")}
        told = {name: said.get(name) for name in ("value", "start", "until")}
        return cls(source=str(said.get("source") or "person"), **words, **told)
