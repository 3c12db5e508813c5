"""Stations of the `ocpp` library before our central system: values, limits, transactions, swaps."""

from __future__ import annotations

import asyncio
import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ocpp import v16, v21, v201
from ocpp.routing import on

from tests.links.masters import until
from tests.links.stations import central, dial, only, speaking, stamp, station
from zeroplant.links import Quality, Reading, Setpoint
from zeroplant.links.ocpp_state import State


def recording(base: Any) -> type:
    """A charge point of the library that keeps what it is told."""

    class Recording(base):  # type: ignore[misc]
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            self.profiles: list[Any] = []
            self.said = "Accepted"

        @on("SetChargingProfile")
        def on_profile(self, **said: Any) -> Any:
            number = said.get("connector_id", said.get("evse_id"))
            self.profiles.append(
                (number, said.get("cs_charging_profiles") or said["charging_profile"])
            )
            return self._call_result.SetChargingProfile(self.said)

        @on("ChangeConfiguration")
        def on_configuration(self, key: str, value: str) -> Any:
            return self._call_result.ChangeConfiguration("Accepted")

        @on("SetVariables")
        def on_variables(self, set_variable_data: Any) -> Any:
            return self._call_result.SetVariables(
                [{"attribute_status": "Accepted", **{k: each[k] for k in ("component", "variable")}}
                 for each in set_variable_data]
            )  # fmt: skip

        @on("RequestBatterySwap")
        def on_swap(self, id_token: Any, request_id: int) -> Any:
            self.swap = request_id
            return self._call_result.RequestBatterySwap(self.said)

    return Recording


Sixteen, TwoZeroOne, TwoOne = map(recording, (v16.ChargePoint, v201.ChargePoint, v21.ChargePoint))


def wish(point: str, value: float, seconds: float = 900.0) -> Setpoint:
    return Setpoint(point, value, datetime.now(UTC) + timedelta(seconds=seconds))


def occupancy(call: Any, status: str, evse: int) -> Any:
    """The versions differ in the order of its fields."""
    return call.StatusNotification(
        timestamp=stamp(), connector_status=status, evse_id=evse, connector_id=1
    )


def test_a_station_of_1_6() -> None:
    async def run() -> None:
        async with (
            central() as system,
            dial(system.port, version="1.6") as line,
            speaking(line, Sixteen) as point,
        ):
            booted = await point.call(v16.call.BootNotification("m", "v"))
            assert (booted.status, booted.interval) == ("Accepted", 60)
            await until(lambda: point.profiles)
            number, safe = point.profiles[0]
            assert (number, safe["stack_level"]) == (0, 0)
            assert safe["charging_schedule"]["charging_schedule_period"][0]["limit"] == 10_000
            assert "valid_to" not in safe
            assert "duration" not in safe["charging_schedule"]

            await point.call(v16.call.StatusNotification(1, "NoError", "Charging", stamp()))
            await point.call(v16.call.StatusNotification(2, "NoError", "Available", stamp()))
            begun = v16.call.StartTransaction(1, "tag", 0, stamp())
            first = (await point.call(begun)).transaction_id
            again = (await point.call(begun)).transaction_id  # its answer had been lost
            assert first == again
            samples = [
                {"value": "30000", "measurand": "Power.Active.Import", "phase": phase}
                for phase in ("L1", "L2", "L3")
            ]
            samples += [{"value": "1500.5", "unit": "kWh"}]
            samples += [{"value": "42", "measurand": "SoC", "unit": "Percent"}]
            values = [{"timestamp": stamp(), "sampled_value": samples}]
            await point.call(v16.call.MeterValues(1, values, first))

            link = only(system)
            found = await link.read()
            assert found["hub.1.charge"].value == pytest.approx(0.09)
            assert found["hub.1.energy"].value == pytest.approx(1.5005)
            assert found["hub.1.level"].value == pytest.approx(0.42)
            assert (found["hub.1.plugged"].value, found["hub.2.plugged"].value) == (1, 0)
            assert found["hub.charge"].value == pytest.approx(0.09)
            assert found["hub.charge"].quality == Quality.GOOD

            (done,) = await link.write([wish("hub.1.charge", 0.05)])
            assert done.accepted
            number, given = point.profiles[-1]
            assert (number, given["transaction_id"]) == (1, first)
            assert given["charging_profile_purpose"] == "TxProfile"
            assert 897 <= given["charging_schedule"]["duration"] <= 900
            assert given["charging_schedule"]["charging_schedule_period"][0]["limit"] == 50_000

            wrong = await point.call(v16.call.StopTransaction(0, stamp(), first + 1))
            assert wrong.id_tag_info["status"] == "Invalid"
            assert link.state.connectors[1].transaction == first
            await point.call(v16.call.StopTransaction(0, stamp(), first))
            assert link.state.connectors[1].transaction is None

    asyncio.run(run())


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
def test_a_station_of_2(version: str) -> None:
    module: Any = v201 if version == "2.0.1" else v21
    kind = TwoZeroOne if version == "2.0.1" else TwoOne

    async def run() -> None:
        async with (
            central() as system,
            dial(system.port, version=version) as line,
            speaking(line, kind) as point,
        ):
            box = {"model": "m", "vendor_name": "v"}
            await point.call(module.call.BootNotification(box, "PowerUp"))
            await until(lambda: point.profiles)
            await point.call(occupancy(module.call, "Occupied", 1))
            value = {"value": 90.0, "measurand": "Power.Active.Import"}
            value["unit_of_measure"] = {"unit": "W", "multiplier": 3}
            message = module.call.TransactionEvent(
                event_type="Started", timestamp=stamp(), trigger_reason="CablePluggedIn",
                seq_no=1, transaction_info={"transaction_id": "T1"},
                meter_value=[{"timestamp": stamp(), "sampled_value": [value]}],
                evse={"id": 1},
            )  # fmt: skip
            await point.call(message)
            link = only(system)
            found = await link.read()
            assert found["hub.1.charge"].value == pytest.approx(0.09)
            assert math.isnan(found["hub.charge"].value)  # connector 2 has said nothing yet

            done = await link.write(
                [
                    wish("hub.1.charge", 0.05),
                    wish("hub.2.charge", 0.06),
                    wish("hub.charge", 0.1),
                    wish("hub.charge", 0.3),
                    wish("hub.1.level", 0.5),
                    wish("hub.1.charge", 0.05, -1),
                ]
            )
            assert [each.accepted for each in done] == [True, True, True, False, False, False]
            told = [
                (number, each["charging_profile_purpose"], each.get("transaction_id"))
                for number, each in point.profiles[1:]
            ]
            assert told == [
                (1, "TxProfile", "T1"),
                (2, "TxDefaultProfile", None),
                (0, "ChargingStationMaxProfile", None),
                (0, "TxDefaultProfile", None),
            ]
            assert len({each["id"] for _, each in point.profiles}) == 5
            point.said = "Rejected"
            (refused,) = await link.write([wish("hub.2.charge", 0.06)])
            assert refused.reason == "the station said Rejected"

    asyncio.run(run())


def test_swapping() -> None:
    """2.1: batteries come and go, the inventory follows, and a swap is asked for."""
    swap = station(pack="280 kWh", connectors=3, each=None)

    async def run() -> None:
        async with (
            central(swap) as system,
            dial(system.port, version="2.1") as line,
            speaking(line, TwoOne) as point,
        ):
            link, call = only(system), v21.call
            for slot in (1, 2):
                await point.call(occupancy(call, "Occupied", slot))
            await point.call(occupancy(call, "Available", 3))
            for slot, level in ((1, 95.0), (2, 50.0)):
                value = {"value": level, "measurand": "SoC"}
                values = [{"timestamp": stamp(), "sampled_value": [value]}]
                await point.call(call.MeterValues(slot, values))
            found = await link.read()
            assert found["hub.level"].value == pytest.approx(0.28 * 1.45)
            assert (found["hub.packs"].value, found["hub.full"].value) == (2, 1)
            assert found["hub.level"].quality == Quality.GOOD

            request, why = await link.request_swap("truck-7")
            assert (why, point.swap) == ("", request)
            token = {"id_token": "truck-7", "type": "Central"}
            came = [{"evse_id": 3, "serial_number": "B3", "so_c": 12.0, "so_h": 97.0}]
            went = [{"evse_id": 1, "serial_number": "B1", "so_c": 95.0, "so_h": 99.0}]
            await point.call(call.BatterySwap(came, "BatteryIn", token, request))
            await point.call(call.BatterySwap(went, "BatteryOut", token, request))
            found = await link.read()
            assert found["hub.level"].value == pytest.approx(0.28 * 0.62)
            assert [found[f"hub.{what}"].value for what in ("packs", "full", "swaps")] == [
                2,
                0,
                1,
            ]
            assert [each.serial for each in link.state.swaps] == ["B3", "B1"]
            point.said = "Rejected"
            assert (await link.request_swap("truck-8"))[1] == "the station said Rejected"

    asyncio.run(run())


def test_an_unknown_action_is_answered_in_every_version() -> None:
    """The library's own answer to one of 2.1 is silence, for which a station waits."""

    async def run() -> None:
        async with central() as system:
            for version in ("1.6", "2.0.1", "2.1"):
                async with dial(system.port, version=version) as line:
                    await line.send('[2,"a","LogStatusNotification",{}]')
                    assert json.loads(await line.recv())[:3] == [4, "a", "NotImplemented"]
                await until(lambda: only(system).session is None)

    asyncio.run(run())


def test_what_cannot_be_is_bad_and_counts_as_nothing_known() -> None:
    """A state of charge of 500 %, ten times the connector's power, a battery of -20 %, no number.

    The rest of the station's batteries still count.
    """
    swap = State(station(connectors=3, pack="280 kWh", each="120 kW", most="240 kW"))
    now = datetime(2026, 7, 1, tzinfo=UTC)
    for slot, level in ((1, 95.0), (2, 500.0), (3, -20.0)):
        data = [{"evse_id": slot, "serial_number": f"B{slot}", "so_c": level}]
        swap.swapped("BatteryIn", 1, data, now)

    def metered(number: int, measurand: str, value: object, unit: str) -> None:
        sample = {"measurand": measurand, "value": value, "unit_of_measure": {"unit": unit}}
        stamp = (now + timedelta(seconds=1)).isoformat()
        swap.meter(number, [{"timestamp": stamp, "sampled_value": [sample]}], now)

    metered(1, "Power.Active.Import", 1_200_000, "W")
    metered(2, "Power.Active.Import", 120_000, "W")
    metered(3, "Power.Active.Import", float("nan"), "W")
    found = swap.readings(now)
    quality = {name: reading.quality for name, reading in found.items()}
    assert [quality[f"hub.{n}.level"] for n in (1, 2, 3)] == [
        Quality.GOOD, Quality.BAD, Quality.BAD
    ]  # fmt: skip
    assert [quality[f"hub.{n}.charge"] for n in (1, 2, 3)] == [
        Quality.BAD, Quality.GOOD, Quality.LOST
    ]  # fmt: skip
    assert quality["hub.charge"] >= Quality.BAD
    assert found["hub.level"].value == pytest.approx(0.28 * 0.95)
    assert found["hub.level"].quality == Quality.UNCERTAIN
    assert found["hub.packs"].value == 3.0


def metered_power(kilowatts: float, at: datetime) -> list[dict[str, object]]:
    """A connector's power as MeterValues have it."""
    sample = {"measurand": "Power.Active.Import", "value": kilowatts, "unit": "kW"}
    return [{"timestamp": at.isoformat(), "sampled_value": [sample]}]


def test_a_plug_that_nobody_uses_is_known_while_its_station_is_heard() -> None:
    """In OCPP 1.6 meters speak in transactions alone: its silence does not make the hub unknown."""
    hub = State(station(connectors=2))
    now = datetime(2026, 7, 1, tzinfo=UTC)
    hub.status(1, "Available", now)
    hub.status(2, "Charging", now)
    later = now + timedelta(minutes=5)
    hub.meter(2, metered_power(20.0, later), later)
    found = hub.readings(later)
    assert found["hub.charge"] == Reading(pytest.approx(0.02), later)


def test_an_evse_is_free_when_all_of_its_plugs_are() -> None:
    """A second plug that nobody uses says nothing of the vehicle at the first."""
    hub = State(station(connectors=1))
    now = datetime(2026, 7, 1, tzinfo=UTC)
    hub.status(1, "Occupied", now, plug=1)
    hub.meter(1, metered_power(20.0, now), now)
    hub.status(1, "Available", now, plug=2)
    found = hub.readings(now)
    assert (found["hub.1.plugged"].value, found["hub.charge"].value) == (1.0, pytest.approx(0.02))
    hub.status(1, "Available", now + timedelta(minutes=1), plug=1)
    found = hub.readings(now + timedelta(minutes=1))
    assert (found["hub.1.plugged"].value, found["hub.charge"].value) == (0.0, 0.0)


def test_what_is_told_late_of_a_transaction_ends_no_other_and_begins_none() -> None:
    """A station that was offline tells of T1 when T2 runs already."""

    async def run() -> None:
        async with (
            central() as system,
            dial(system.port, version="2.0.1") as line,
            speaking(line, TwoZeroOne) as point,
        ):

            async def told(what: str, identity: str) -> object:
                message = v201.call.TransactionEvent(
                    event_type=what, timestamp=stamp(), trigger_reason="CablePluggedIn",
                    seq_no=1, transaction_info={"transaction_id": identity}, evse={"id": 1},
                )  # fmt: skip
                await point.call(message)
                return only(system).state.connectors[1].transaction

            assert await told("Started", "T1") == "T1"
            assert await told("Started", "T2") == "T2"
            assert await told("Ended", "T1") == "T2"
            assert await told("Updated", "T1") == "T2"
            assert await told("Ended", "T2") is None
            assert await told("Updated", "T2") is None
            assert await told("Updated", "T3") == "T3"

    asyncio.run(run())
