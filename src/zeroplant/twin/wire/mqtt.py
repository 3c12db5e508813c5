"""The device's side of MQTT: publishes its state, retained, and does what it is told."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from math import isfinite

import aiomqtt

from zeroplant.links.address import Address
from zeroplant.links.message import MalformedError, member, moment, number, parse_message, put
from zeroplant.links.mqtt_template import MqttTemplate
from zeroplant.twin.wire.serve import Device

RETRY = 1.0
"""Seconds until a lost broker is tried again."""


class MqttDevice:
    """A device or gateway that speaks through a broker, and comes back when that comes back."""

    def __init__(self, template: MqttTemplate, device: Device, at: Address) -> None:
        self.template, self.device, self._place = template, device, at
        gauges = template.gauges(device.name, device.ratings)
        self._points = [(gauges[short], spec) for short, spec in template.points.items()]
        self._beats = f"{device.name}.{template.heartbeat.theirs}"
        self.malformed = 0
        """Messages that could not be used so far."""
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    @property
    def at(self) -> str:
        """Its address: the broker's, and the topic below which it speaks."""
        return str(self._place)

    async def start(self) -> None:
        """Connect; it goes on trying where the broker does not answer."""
        self._task = asyncio.create_task(self._live())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ready.wait(), 5.0)

    async def stop(self) -> None:
        """Leave, saying so."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    def _topic(self, below: str) -> str:
        return f"{self._place.path}/{below}" if self._place.path else below

    async def _live(self) -> None:
        status = self.template.status and self._topic(self.template.status)
        will = aiomqtt.Will(status, "offline", qos=1, retain=True) if status else None
        while True:
            with suppress(aiomqtt.MqttError):
                async with aiomqtt.Client(
                    self._place.host,
                    self._place.port,
                    identifier=f"twin-{secrets.token_hex(8)}",
                    will=will,
                    timeout=5.0,
                    keepalive=10,
                ) as client:
                    await self._serve(client, status)
            await self.device.clock.sleep(RETRY)

    async def _serve(self, client: aiomqtt.Client, status: str | None) -> None:
        """Speak and listen until the connection is lost."""
        topics = {self._topic(s.write.topic) for _, s in self._points if s.write is not None}
        for topic in topics:
            await client.subscribe(topic, qos=1)
        if status:
            await client.publish(status, "online", qos=1, retain=True)
        speaking = asyncio.create_task(self._speak(client))
        try:
            async for message in client.messages:
                await self._hear(client, str(message.topic), message.payload)
        finally:
            speaking.cancel()
            await asyncio.wait({speaking})
            if status:
                with suppress(aiomqtt.MqttError):
                    await client.publish(status, "offline", qos=1, retain=True)

    async def _speak(self, client: aiomqtt.Client) -> None:
        """Publish the state at every poll interval of the template."""
        with suppress(aiomqtt.MqttError):
            while True:
                await self._publish(client)
                self._ready.set()
                await self.device.clock.sleep(self.template.every)

    async def _publish(self, client: aiomqtt.Client) -> None:
        now = self.device.clock.now()
        messages: dict[str, dict[str, object]] = {}
        values = self.device.read()
        for gauge, spec in self._points:
            if spec.read is None:
                continue
            name = gauge.point.name
            value = values.get(name, float("nan"))
            if name == self._beats and name not in values:
                value = float(int(now.timestamp()) % 32768)
            said: object = gauge.wire(value) if isfinite(value) else None
            if spec.read.when and isfinite(value):
                said = spec.read.word(value)
            message = messages.setdefault(self._topic(spec.read.topic), {})
            if gauge.part is not None and isinstance(said, float):
                before = member(message, spec.read.key)
                if isinstance(before, float):  # the other direction
                    said += before - gauge.wire(0.0)
            put(message, spec.read.key, said)
        for topic, message in messages.items():
            content = {self.template.time: now.isoformat(), **message}
            await client.publish(topic, json.dumps(content), qos=1, retain=True)

    async def _hear(self, client: aiomqtt.Client, topic: str, payload: bytes) -> None:
        """Do what a message says; answer it, and speak of the change at once."""
        try:
            data = parse_message(payload)
            refused = self._do(topic, data)
        except MalformedError:
            self.malformed += 1
            return
        if self.template.answers and member(data, "id") is not None:
            answer = {"id": member(data, "id"), "refused": refused}
            await client.publish(self._topic(self.template.answers), json.dumps(answer), qos=1)
        await self._publish(client)

    def _do(self, topic: str, data: Mapping[str, object]) -> dict[str, str]:
        """Carry out a message; what is refused of it, with the reason."""
        now = self.device.clock.now()
        end = None if self.template.until is None else member(data, self.template.until)
        until = None if end is None else moment(end)
        if until is not None and until <= now:
            return {s.write.key: "it has lapsed" for _, s in self._points if s.write is not None}
        refused = {}
        for gauge, spec in self._points:
            target = spec.write
            if target is None or self._topic(target.topic) != topic:
                continue
            given = member(data, target.key)
            if given is None:
                continue
            value = gauge.writing.inside(number(given, target.when))
            if not self.device.write(gauge.point.name, value, until):
                refused[target.key] = "the device refused"
        return refused
