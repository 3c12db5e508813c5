"""A twin's charging hub before a central system of the ``ocpp`` library, which we did not write.

The library checks every message of either side against the schemas of OCPP 2.0.1.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from ocpp.routing import on
from ocpp.v201 import ChargePoint as Library
from ocpp.v201 import call, call_result
from websockets.asyncio.server import ServerConnection, serve

from tests.links.fakes import in_loop
from tests.links.masters import until
from tests.yards import yard
from zeroplant.links.clock import SystemClock
from zeroplant.operate.standing import stand
from zeroplant.plant import load_plant
from zeroplant.twin.plant import Twin
from zeroplant.twin.serving import hubs_of
from zeroplant.twin.wire.stations import Hub, Stations

ASSETS = """\
  hub:
    kind: charger_hub
    at: yard
    power: 960 kW
    charger_power: 120 kW
    arrivals: {per_hour: 3, stays: [{share: 100 %, hours: 2 h, energy: 40 kWh, power: 60 kW}]}
  rest:
    kind: service_area
    at: yard
    buildings: 200 kW
    traffic: {per_hour: 200}
    chargers: {power: 480 kW, charger_power: 240 kW}
  kiosk: {kind: service_area, at: yard, buildings: 100 kW}
"""
PLANT = yard("two hubs", "5 MW", ASSETS)


class Central(Library):  # type: ignore[misc]
    """What it heard, by message."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.power: dict[int, float] = {}
        self.begun: set[int] = set()

    @on("BootNotification")  # type: ignore[untyped-decorator]
    def _boot(self, **_: Any) -> Any:
        now = datetime.now(UTC).isoformat()
        return call_result.BootNotification(current_time=now, interval=60, status="Accepted")

    @on("StatusNotification")  # type: ignore[untyped-decorator]
    def _status(self, **_: Any) -> Any:
        return call_result.StatusNotification()

    @on("TransactionEvent")  # type: ignore[untyped-decorator]
    def _event(self, event_type: str, evse: dict[str, int], **said: Any) -> Any:
        if event_type == "Started":
            self.begun.add(evse["id"])
        for value in said.get("meter_value", ()):
            for sample in value["sampled_value"]:
                if sample["measurand"] == "Power.Active.Import":
                    self.power[evse["id"]] = sample["value"]
        return call_result.TransactionEvent()


@asynccontextmanager
async def central(place: str) -> AsyncIterator[list[Central]]:
    """A central system at a place; those who called it."""
    called: list[Central] = []

    async def listen(line: ServerConnection) -> None:
        assert line.request is not None
        called.append(Central(line.request.path.rsplit("/", 1)[-1], line))
        with suppress(Exception):
            await called[-1].start()

    host, _, port = place.partition(":")
    async with serve(listen, host, int(port), subprotocols=["ocpp2.0.1"]):  # type: ignore[list-item]
        yield called


def profile(number: int, limit: float) -> Any:
    """Watts for one EVSE, from now on."""
    schedule = {"id": number, "start_schedule": datetime.now(UTC).isoformat(),
                "charging_rate_unit": "W",
                "charging_schedule_period": [{"start_period": 0, "limit": limit}]}  # fmt: skip
    return {"id": number, "stack_level": 0, "charging_profile_purpose": "TxDefaultProfile",
            "charging_profile_kind": "Absolute", "charging_schedule": [schedule]}  # fmt: skip


@in_loop
async def test_a_hub_dials_in_and_obeys_the_profiles_of_a_foreign_central_system(
    tmp_path: Path,
) -> None:
    """0.24 MW over two chargers; limits of 30 and 50 kW are 0.08 MW of the hub."""
    written: dict[str, float] = {}

    def write(point: str, value: float, until_then: datetime | None) -> bool:
        written[point] = value
        return True

    def nobody(name: str) -> Any:
        raise KeyError(name)

    hubs = [Hub("hub", 2, 0.12)]
    stations = Stations([], nobody, lambda: {"hub.charge": 0.24}, write, SystemClock(), hubs)
    places = await stations.start(tmp_path)
    (entry,) = yaml.safe_load((tmp_path / "stations.yaml").read_text())["stations"]
    assert (entry["identity"], entry["connectors"]) == ("HUB-1", 2)
    listen = yaml.safe_load((tmp_path / "callers.yaml").read_text())["stations"]["listen"]
    assert places == {"hub": f"ocpp2.0.1 HUB-1, dials {listen}"}
    assert written == {}  # nobody has been there who could limit it
    try:
        async with central(listen) as called:
            await until(lambda: bool(called) and called[0].begun == {1, 2})
            await until(lambda: called[0].power == pytest.approx({1: 120e3, 2: 120e3}))
            told = [call.SetChargingProfile(evse_id=n, charging_profile=profile(n, watts))
                    for n, watts in ((1, 30e3), (2, 50e3))]  # fmt: skip
            answers = [await called[0].call(each) for each in told]
            assert [each.status for each in answers] == ["Accepted", "Accepted"]
            await until(lambda: written.get("hub.charge") == pytest.approx(0.08))
    finally:
        await stations.stop()
        await asyncio.sleep(0)


def test_hubs_are_found_with_their_chargers(tmp_path: Path) -> None:
    file = tmp_path / "plant.yaml"
    file.write_text(PLANT, encoding="utf-8")
    plant = load_plant(file)
    twin = Twin(stand(plant, start=plant.axis.start, days=1, horizon=0), step=60.0)
    found = {hub.name: (hub.chargers, hub.each) for hub in hubs_of(plant, twin)}
    assert found == {"hub": (8, pytest.approx(0.12)), "rest": (2, pytest.approx(0.24))}
