"""The MQTT adapter: against Mosquitto, and message by message without a broker."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from math import isnan
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.links.fakes import START, HandClock, eventually, in_loop
from tests.links.sockets import RawServer, silence
from zeroplant.errors import InputError
from zeroplant.links import Quality, Setpoint, SystemClock
from zeroplant.links.address import Address
from zeroplant.links.keeper import Keeper
from zeroplant.links.library import template
from zeroplant.links.mqtt import MqttLink
from zeroplant.links.mqtt_template import MqttTemplate
from zeroplant.twin.wire.broker import Broker, mosquitto

needs_broker = pytest.mark.skipif(
    mosquitto() is None, reason="no MQTT broker here: install the package mosquitto"
)


def home(clock: Any, at: str = "127.0.0.1:1883/homes/7") -> MqttLink:
    given = template("home-gateway")
    assert isinstance(given, MqttTemplate)
    return MqttLink(given, "h", Address.parse(at), clock)


def say(link: MqttLink, topic: str, **content: Any) -> None:
    link.heard(f"homes/7/{topic}", json.dumps(content).encode())


def latest(link: MqttLink) -> Mapping[str, float]:
    return {name: each.value for name, each in link._latest.readings.items()}


# ------------------------------------------------------------------- message by message


@in_loop
async def test_duplicates_and_late_messages_are_dropped_by_event_time() -> None:
    clock = HandClock()
    link = home(clock)
    at = [(START + timedelta(seconds=s)).isoformat() for s in range(4)]
    clock.add(10.0)
    for when, load in [(at[1], 100.0), (at[3], 300.0), (at[2], 200.0), (at[3], 999.0)]:
        say(link, "state/home", time=when, load=load, solar=0.0)
    assert latest(link)["h.load"] == pytest.approx(300e-6)
    assert link.dropped == 4, "two messages of two values"
    assert link._latest.readings["h.load"].event == START + timedelta(seconds=3)


@in_loop
async def test_a_device_that_sets_its_clock_back_is_believed_after_two_minutes() -> None:
    """Else an hour's step back would make it deaf for an hour."""
    clock = HandClock()
    link = home(clock)
    accepted = []
    for minute in range(10):
        stamp = clock.now() - (timedelta(hours=1) if minute >= 3 else timedelta(0))
        say(link, "state/home", time=stamp.isoformat(), load=float(minute))
        accepted.append(round(latest(link)["h.load"] * 1e6))
        clock.add(60.0)
    assert accepted == [0, 1, 2, 2, 2, 5, 6, 7, 8, 9]


@in_loop
async def test_messages_from_the_future_are_dropped() -> None:
    """One of them would make all that follow look old."""
    clock = HandClock()
    link = home(clock)
    say(link, "state/home", time=(START + timedelta(hours=1)).isoformat(), load=5.0)
    assert link.malformed == 1
    say(link, "state/home", time=(START + timedelta(seconds=30)).isoformat(), load=6.0)
    assert latest(link)["h.load"] == pytest.approx(6e-6)


@in_loop
async def test_time_with_any_offset_and_epoch_seconds() -> None:
    clock = HandClock()
    for stamp in ("2026-03-01T15:59:59+08:00", "2026-03-01T07:59:59Z", START.timestamp() - 1.0):
        link = home(clock)
        say(link, "state/home", time=stamp, load=1.0)
        assert link._latest.readings["h.load"].event == START - timedelta(seconds=1)
    link = home(clock)
    say(link, "state/home", time="2026-03-01T15:59:59", load=1.0)
    assert link.malformed == 1, "a time without an offset is nobody's time"


@in_loop
async def test_null_is_unknown_and_a_message_is_taken_whole_or_not() -> None:
    link = home(HandClock())
    say(link, "state/home", load=None, solar=1000.0)
    assert isnan(latest(link)["h.load"])
    assert link._latest.readings["h.load"].quality is Quality.BAD
    say(link, "state/home", load=500.0, solar="much")
    assert isnan(latest(link)["h.load"])
    assert link.malformed == 1


@in_loop
async def test_signed_power_and_words() -> None:
    link = home(HandClock())
    say(link, "state/battery", power=-2000.0, soc=50.0)
    values = latest(link)
    assert (values["h.charge"], values["h.discharge"]) == (pytest.approx(0.002), 0.0)
    assert values["h.level"] == pytest.approx(0.005)
    given = template("air-conditioner")
    assert isinstance(given, MqttTemplate)
    clock = HandClock()
    cooler = MqttLink(given, "a", Address.parse("x:1/ac"), clock)
    for word, online in [("cool", 1.0), ("off", 0.0), ("on", 1.0), (3, 0.0), (None, None)]:
        clock.add(1.0)
        cooler.heard("ac/state", json.dumps({"mode": word}).encode())
        value = cooler._latest.readings["a.online"].value
        assert isnan(value) if online is None else value == online


def mutated(rng: random.Random) -> bytes:
    """A payload that no gateway should send."""
    right = json.dumps({"time": START.isoformat(), "load": 500.0, "solar": 1.0}).encode()
    kind = rng.randrange(7)
    if kind == 0:
        return rng.randbytes(rng.randrange(0, 200))
    if kind == 1:
        return right[: rng.randrange(len(right))]
    if kind == 2:  # a byte of the frame of the message is broken
        place = rng.choice([0, len(right) - 1])
        return right[:place] + bytes([rng.choice(b"\0\xff[:,x")]) + right[place + 1 :]
    if kind == 3:
        return b"[" * rng.randrange(1, 30_000)
    if kind == 4:
        odd = rng.choice([[], {}, "12", True, "NaN", [1], {"a": 1}])
        return json.dumps({"load": odd}).encode()
    if kind == 5:
        odd = rng.choice(["soon", 1e300, -1e300, True, [], "2026-13-01T00:00Z", "٣", 1e18])
        return json.dumps({"time": odd, "load": 1.0}).encode()
    return rng.choice(
        [b"null", b"0", b'"x"', b"[]", b"1" * 5000, b'{"load": 1' + b"0" * 400 + b"}"]
    )


@in_loop
async def test_ten_thousand_malformed_payloads() -> None:
    rng = random.Random(6)
    link = home(HandClock())
    say(link, "state/home", load=500.0, solar=0.0)
    topics = ["state/home", "state/battery", "answer", "elsewhere"]
    for _ in range(12_000):
        link.heard(f"homes/7/{rng.choice(topics)}", mutated(rng), retained=rng.random() < 0.5)
    assert link.malformed >= 10_000
    assert latest(link) == {"h.load": pytest.approx(500e-6), "h.solar": 0.0}


@settings(max_examples=100)
@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["time", "load", "solar", "id"]), inner, max_size=4),
    max_leaves=8,
))  # fmt: skip
def test_any_json_is_survived(content: Any) -> None:
    async def hear() -> None:
        link = home(HandClock())
        for topic in ("state/home", "answer", "status"):
            link.heard(f"homes/7/{topic}", json.dumps(content).encode())

    asyncio.run(hear())


# ------------------------------------------------------------------- with Mosquitto


def gateway(broker: Broker, **more: Any) -> aiomqtt.Client:
    """A gateway by aiomqtt alone, as its maker would write it."""
    return aiomqtt.Client("127.0.0.1", broker.port, **more)


def now_text() -> str:
    return SystemClock().now().isoformat()


@needs_broker
@in_loop
async def test_retained_state_is_there_at_once_and_old_news_is_known_as_old() -> None:
    async with Broker() as broker:
        old = (SystemClock().now() - timedelta(hours=2)).isoformat()
        async with gateway(broker) as maker:
            content = json.dumps({"time": old, "load": 800.0, "solar": 0.0})
            await maker.publish("homes/7/state/home", content, qos=1, retain=True)
            await maker.publish("homes/7/state/battery", '{"power": 1.0}', qos=1, retain=True)
        link = home(SystemClock(), f"{broker.at}/homes/7")
        keeper = Keeper(link, link.clock, every=1.0, deadline=5.0)
        image = await keeper.read()
        await keeper.close()
    assert image["h.load"].value == pytest.approx(800e-6)
    assert image["h.load"].quality is Quality.UNCERTAIN
    assert image["h.discharge"].quality is Quality.UNCERTAIN, "undated: nobody knows how old"
    assert image["h.level"].quality is Quality.LOST


@needs_broker
@in_loop
async def test_setpoints_answers_and_the_last_will() -> None:
    async with Broker() as broker:
        will = aiomqtt.Will("homes/7/status", "offline", qos=1, retain=True)
        link = home(SystemClock(), f"{broker.at}/homes/7")
        keeper = Keeper(link, link.clock, every=0.01, deadline=5.0)
        heard: list[dict[str, Any]] = []

        async def answering(maker: aiomqtt.Client) -> None:
            async for message in maker.messages:
                heard.append(json.loads(message.payload))
                answer = {"id": heard[-1]["id"], "refused": {"solar_limit": "it is dark"}}
                await maker.publish("homes/7/answer", json.dumps(answer), qos=1)

        maker = gateway(broker, will=will)
        await maker.__aenter__()
        await maker.subscribe("homes/7/set", qos=1)
        task = asyncio.create_task(answering(maker))
        await maker.publish("homes/7/status", "online", qos=1, retain=True)
        content = json.dumps({"time": now_text(), "load": 800.0, "solar": 0.0})
        await maker.publish("homes/7/state/home", content, qos=1, retain=True)
        assert (await keeper.read())["h.load"].value == pytest.approx(800e-6)
        until = SystemClock().now() + timedelta(seconds=60)
        wishes = {"h.charge": 0.002, "h.discharge": 0.0, "h.solar": 0.001}
        answers = await keeper.write([Setpoint(n, v, until) for n, v in wishes.items()])
        assert [each.accepted for each in answers] == [True, True, False]
        assert answers[2].reason == "it is dark"
        assert heard[0]["battery"] == {"power": pytest.approx(-2000.0)}
        assert heard[0]["until"] == until.isoformat()

        task.cancel()
        maker._client._sock_close()  # the gateway dies without a word: its last will speaks
        await eventually(keeper, "h.load", Quality.LOST)
        await keeper.close()
        with suppress(aiomqtt.MqttError):
            await maker.__aexit__(None, None, None)


@needs_broker
@in_loop
async def test_broker_restart() -> None:
    """Lost at once, reconnected after the back-off, and everything told anew."""
    clock = SystemClock()
    async with Broker() as broker:
        link = home(clock, f"{broker.at}/homes/7")
        keeper = Keeper(link, clock, every=60.0, deadline=5.0)
        async with gateway(broker) as maker:
            content = json.dumps({"time": now_text(), "load": 1.0, "solar": 0.0})
            await maker.publish("homes/7/state/home", content, qos=1, retain=True)
            await keeper.read()
        await broker.stop()
        keeper.every = 0.01
        await eventually(keeper, "h.load", Quality.LOST)
        assert "lost" in keeper.trouble
        await broker.start()
        async with gateway(broker) as maker:
            content = json.dumps({"time": now_text(), "load": 2.0, "solar": 0.0})
            await maker.publish("homes/7/state/home", content, qos=1, retain=True)
            keeper.every = 60.0
            await eventually(keeper, "h.load", Quality.GOOD, 2e-6)
        assert keeper.counters.connections == 2
        await keeper.close()


@needs_broker
@in_loop
async def test_half_open_broker() -> None:
    """A broker that takes the connection and never says a word costs one deadline."""
    async with RawServer(silence) as server:
        given = template("home-gateway").model_copy(update={"deadline": 0.2})
        assert isinstance(given, MqttTemplate)
        link = MqttLink(given, "h", Address("127.0.0.1", server.port, "homes/7"), SystemClock())
        keeper = Keeper(link, link.clock, every=1.0, deadline=0.3)
        async with asyncio.timeout(30.0):
            image = await keeper.read()
        assert {each.quality for each in image.values()} == {Quality.LOST}
        await keeper.close()


@needs_broker
@in_loop
async def test_name_password_and_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is not known, or does not know the broker, does not get in."""
    key, certificate, people = (tmp_path / name for name in ("key.pem", "ca.pem", "people"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    people.write_text("controller:secret\n")
    subprocess.run(["mosquitto_passwd", "-U", people], check=True, capture_output=True)
    settings = (  # as root it would go on as another user, who may not read what is here
        "user root", f"password_file {people}", f"certfile {certificate}", f"keyfile {key}",
    )  # fmt: skip

    async def reached(**variables: str) -> bool:
        for name in ("USER", "PASSWORD", "CA"):
            monkeypatch.delenv(f"ZEROPLANT_MQTT_{name}", raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(f"ZEROPLANT_MQTT_{name}", value)
        link = home(SystemClock(), f"{broker.at}/homes/7")
        try:
            await link.open()
        except OSError:
            return False
        finally:
            await link.close()
        return True

    async with Broker("allow_anonymous false", *settings) as broker:
        right = {"USER": "controller", "PASSWORD": "secret", "CA": str(certificate)}
        assert await reached(**right)
        assert not await reached(**right | {"PASSWORD": "guess"})
        assert not await reached(CA=str(certificate))
        assert not await reached(USER="controller", PASSWORD="secret")
        with pytest.raises(InputError, match="holds no certificate"):
            await reached(CA=str(people))
