"""The MQTT adapter: retained state in JSON, set-points that say until when, answers by number."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from math import nan

import aiomqtt

from zeroplant.links.address import Address
from zeroplant.links.clock import Clock
from zeroplant.links.credentials import credentials
from zeroplant.links.gauge import Gauge, Standing
from zeroplant.links.latest import Latest
from zeroplant.links.link import Acknowledgement, Point, Quality, Reading, Setpoint
from zeroplant.links.message import MalformedError, event_time, member, number, parse_message, put
from zeroplant.links.mqtt_template import Member, MqttTemplate

KEEPALIVE = 10
"""Seconds between signs of life; a broker behind a dead connection is noticed after one and a
half of them."""

FIRST = 1.0
"""Seconds to wait for the retained state, once after connecting."""


class MqttLink:
    """One device or gateway behind a broker, by its template."""

    def __init__(
        self,
        template: MqttTemplate,
        name: str,
        at: Address,
        clock: Clock,
        ratings: Mapping[str, str | float] | None = None,
    ) -> None:
        self.name, self.template, self.at, self.clock = name, template, at, clock
        gauges = template.gauges(name, ratings or {})
        self._gauges: dict[str, Gauge] = {each.point.name: each for each in gauges.values()}
        self._specs = {gauges[short].point.name: spec for short, spec in template.points.items()}
        self._latest = Latest()
        self._standing = Standing(self.points)
        self.malformed = 0
        """Messages that could not be used so far."""
        self._online = self._fresh = True
        self._news = asyncio.Event()
        self._asked: dict[str, asyncio.Future[Mapping[str, object]]] = {}
        self._client: aiomqtt.Client | None = None
        self._listener: asyncio.Task[None] | None = None
        self._known = credentials(at.host)

    @property
    def points(self) -> Mapping[str, Point]:
        """Its points, by name."""
        return {name: gauge.point for name, gauge in self._gauges.items()}

    @property
    def dropped(self) -> int:
        """Values that came twice or late so far."""
        return self._latest.dropped

    def topic(self, below: str) -> str:
        """A topic of the device."""
        return f"{self.at.path}/{below}" if self.at.path else below

    async def open(self) -> None:
        """Connect to the broker and subscribe. Raises OSError if it does not answer."""
        await self.close()
        known = self._known
        client = aiomqtt.Client(
            self.at.host,
            self.at.port,
            username=known.user,
            password=known.password,
            tls_context=known.tls,
            identifier=f"zeroplant-{secrets.token_hex(8)}",
            will=aiomqtt.Will(self.topic("controller"), "offline", qos=1, retain=True),
            timeout=self.template.deadline,
            keepalive=KEEPALIVE,
        )
        try:
            await client.__aenter__()
            self._client = client
            self._listener = asyncio.create_task(self._listen(client))
            self._fresh = True
            for topic in self._topics():
                await client.subscribe(topic, qos=1)
            await client.publish(self.topic("controller"), "online", qos=1, retain=True)
        except aiomqtt.MqttError as error:
            await self.close()
            raise ConnectionError(str(error)) from None

    async def close(self) -> None:
        """Disconnect."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.cancel()
            await asyncio.wait({listener})
        client, self._client = self._client, None
        if client is not None:
            with suppress(aiomqtt.MqttError, OSError):
                await client.__aexit__(None, None, None)

    def _topics(self) -> list[str]:
        reads = [spec.read.topic for spec in self._specs.values() if spec.read is not None]
        others = [each for each in (self.template.status, self.template.answers) if each]
        return [self.topic(each) for each in dict.fromkeys([*reads, *others])]

    async def _listen(self, client: aiomqtt.Client) -> None:
        """Take in whatever comes, until the connection is lost."""
        with suppress(aiomqtt.MqttError):
            async for message in client.messages:
                self.heard(str(message.topic), message.payload, retained=message.retain)

    def heard(self, topic: str, payload: bytes, *, retained: bool = False) -> None:
        """Take in one message; one that cannot be used is counted and forgotten."""
        now = self.clock.now()
        try:
            if self.template.status and topic == self.topic(self.template.status):
                self._online = payload.strip() != b"offline"
            else:
                data = parse_message(payload)
                if self.template.answers and topic == self.topic(self.template.answers):
                    self._answered(data)
                else:
                    self._told(topic, data, now, retained)
        except MalformedError:
            self.malformed += 1
        self._news.set()

    def _answered(self, data: Mapping[str, object]) -> None:
        asked = self._asked.get(str(member(data, "id")))
        if asked is not None and not asked.done():
            asked.set_result(data)

    def _told(self, topic: str, data: Mapping[str, object], now: datetime, retained: bool) -> None:
        """A message of state: all of it is taken in, or none."""
        event = event_time(data, self.template.time, now)
        values = {}
        for name, spec in self._specs.items():
            source = spec.read
            if source is None or self.topic(source.topic) != topic:
                continue
            given = member(data, source.key)
            if given is not None or _holds(data, source.key):
                values[name] = self._gauges[name].inside(number(given, source.when))
        for name, value in values.items():
            taken = self._latest.take(name, value, event, now)
            if taken and event is None and retained:  # nobody knows how old it is
                self._latest.readings[name] = Reading(value, now, Quality.UNCERTAIN)

    async def read(self) -> Mapping[str, Reading]:
        """What was last said of each point. Raises OSError if the broker is lost."""
        self._check()
        wanted = {name for name, spec in self._specs.items() if spec.read is not None}
        if self._fresh:
            self._fresh = False
            with suppress(TimeoutError):
                async with asyncio.timeout(min(FIRST, self.template.deadline / 2)):
                    await self._all_of(wanted)
            self._check()
        now = self.clock.now()
        readings = {}
        for name in wanted:
            reading = self._latest.readings.get(name, Reading(nan, now, Quality.LOST))
            if not self._online:
                reading = Reading(reading.value, reading.event, Quality.LOST)
            readings[name] = reading
        return readings

    async def _all_of(self, wanted: set[str]) -> None:
        """Wait until something has been said of every point."""
        while not wanted <= self._latest.readings.keys():
            self._news.clear()
            await self._news.wait()

    def _check(self) -> aiomqtt.Client:
        if self._client is None or self._listener is None or self._listener.done():
            message = f"the broker at {self.at.host}:{self.at.port} is lost"
            raise ConnectionError(message)
        return self._client

    async def write(self, setpoints: Sequence[Setpoint]) -> list[Acknowledgement]:
        """Set some points, one message for each topic. Raises OSError if the broker is lost."""
        client = self._check()
        wishes = {wish.point: wish for wish in setpoints}
        reasons: dict[str, str] = {}
        topics: dict[str, dict[str, Setpoint]] = {}
        for name in wishes:
            target = self._specs[name].write
            if target is None:
                reasons[name] = "it is not written"
                continue
            joined = self._standing.joined(wishes, self._sharing(target), self.clock.now())
            if joined is None:
                reasons[name] = "it contradicts the other direction"
            else:
                topics.setdefault(target.topic, {})[target.key] = joined
        for topic, told in topics.items():
            refused = await self._tell(client, topic, told)
            for name in wishes:
                target = self._specs[name].write
                if name not in reasons and target is not None and target.topic == topic:
                    reasons[name] = refused.get(target.key, "")
                    if not reasons[name]:
                        self._standing.wrote(told[target.key], self._sharing(target))
        now = self.clock.now()
        return [Acknowledgement(n, not reasons[n], now, reasons[n]) for n in wishes]

    def _sharing(self, target: Member) -> list[str]:
        """Points that are told by the same member: the two directions of a power."""
        place = (target.topic, target.key)
        return [
            name
            for name, spec in self._specs.items()
            if spec.write is not None and (spec.write.topic, spec.write.key) == place
        ]

    async def _tell(
        self, client: aiomqtt.Client, topic: str, told: Mapping[str, Setpoint]
    ) -> Mapping[str, str]:
        """Publish set-points, by their members, and hear the device; reasons of refusals."""
        mark = secrets.token_hex(8)
        content: dict[str, object] = {"id": mark}
        content[self.template.time] = self.clock.now().isoformat()
        if self.template.until is not None:
            content[self.template.until] = min(w.until for w in told.values()).isoformat()
        for key, wish in told.items():
            target = self._specs[wish.point].write
            wire = self._gauges[wish.point].writing.wire(wish.value)
            put(content, key, target.word(wish.value) if target and target.when else wire)
        answer: asyncio.Future[Mapping[str, object]] = asyncio.get_running_loop().create_future()
        self._asked[mark] = answer
        try:
            await client.publish(self.topic(topic), json.dumps(content), qos=1)
            if not self.template.answers:
                return {}
            refused = member(await answer, "refused")  # the keeper's deadline ends the wait
        except aiomqtt.MqttError as error:
            raise ConnectionError(str(error)) from None
        finally:
            del self._asked[mark]
        return {key: str(why) for key, why in refused.items()} if isinstance(refused, dict) else {}


def _holds(data: Mapping[str, object], key: str) -> bool:
    """Whether a message names a member, be it with null."""
    *outer, last = key.split(".")
    parent = member(data, ".".join(outer)) if outer else data
    return isinstance(parent, Mapping) and last in parent
