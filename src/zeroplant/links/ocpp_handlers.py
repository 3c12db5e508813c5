"""What stations say, in three versions of OCPP, written into one state; and what they are told."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from ocpp import v16, v21, v201
from ocpp.routing import on

from zeroplant.links.clock import Clock
from zeroplant.links.ocpp_profiles import Purpose, iso, profile
from zeroplant.links.ocpp_state import State, when

HEARTBEAT = 60
"""Seconds between two signs of life."""
SAMPLE = 10
"""Seconds between two meter values."""
Handler = TypeVar("Handler", bound=Callable[..., Any])


def answers(action: str) -> Callable[[Handler], Handler]:
    """The library's mark of a method that answers an action, with types."""
    mark: Callable[[Handler], Handler] = on(action)
    return mark


class _Common:
    """What all versions share; a base of the library's classes, whose ``call`` it uses."""

    _call: Any
    _call_result: Any
    call: Any
    _ocpp_version: str

    def begin(self, state: State, clock: Clock) -> None:
        """Give it where it writes to, before it is started."""
        self.state, self.clock = state, clock
        self.violations = 0

    @property
    def version(self) -> str:
        """1.6, 2.0.1 or 2.1."""
        return self._ocpp_version

    @answers("BootNotification")
    def _boot(self, **_: Any) -> Any:
        now = iso(self.clock.now())
        return self._call_result.BootNotification(now, HEARTBEAT, "Accepted")

    @answers("Heartbeat")
    def _heartbeat(self, **_: Any) -> Any:
        return self._call_result.Heartbeat(iso(self.clock.now()))

    @answers("Authorize")
    def _authorize(self, **_: Any) -> Any:
        return self._accepted("Authorize")

    @answers("DataTransfer")
    def _data(self, **_: Any) -> Any:
        return self._call_result.DataTransfer("UnknownVendorId")

    def _accepted(self, action: str) -> Any:
        raise NotImplementedError

    async def limit(self, purpose: Purpose, number: int, power: float, **more: Any) -> str:
        """Set a limit; why it was not accepted, or nothing. Raises TimeoutError, OSError."""
        wanted = profile(
            self.state.station, purpose, number, power,
            now=self.clock.now(), version=self.version, **more,
        )  # fmt: skip
        if self.version == "1.6":
            fields: dict[str, Any] = {"connector_id": number, "cs_charging_profiles": wanted}
        else:
            fields = {"evse_id": number, "charging_profile": wanted}
        answer = await self.call(self._call.SetChargingProfile(**fields))
        status = getattr(answer, "status", "an error")
        return "" if status == "Accepted" else f"the station said {status}"


class Sixteen(_Common, v16.ChargePoint):  # type: ignore[misc]
    """OCPP 1.6: the central system gives transactions their ids, which must not be guessable."""

    def begin(self, state: State, clock: Clock) -> None:
        """Also nothing is running yet."""
        super().begin(state, clock)
        self._begun: dict[tuple[Any, ...], int] = {}

    def _accepted(self, action: str) -> Any:
        return getattr(self._call_result, action)(id_tag_info={"status": "Accepted"})

    @answers("StatusNotification")
    def _status(
        self, connector_id: int, status: str, timestamp: str | None = None, **_: Any
    ) -> Any:
        at, _quality = when(timestamp, self.clock.now())
        self.state.status(connector_id, status, at)
        return self._call_result.StatusNotification()

    @answers("MeterValues")
    def _meter(
        self,
        connector_id: int,
        meter_value: Sequence[Mapping[str, Any]],
        transaction_id: int | None = None,
        **_: Any,
    ) -> Any:
        connector = self.state.connectors.get(connector_id)
        running = connector.transaction if connector else None
        if transaction_id is not None and running is not None and transaction_id != running:
            self.violations += 1  # another's transaction: neither believed nor told which exist
        else:
            self.state.meter(connector_id, meter_value, self.clock.now())
        return self._call_result.MeterValues()

    @answers("StartTransaction")
    def _start(
        self, connector_id: int, id_tag: str, meter_start: int, timestamp: str, **_: Any
    ) -> Any:
        # Sent again if the answer was lost: the same transaction keeps its id.
        key = (connector_id, id_tag, meter_start, timestamp)
        number = self._begun.setdefault(key, secrets.randbelow(2**31 - 1) + 1)
        while len(self._begun) > 100:
            del self._begun[next(iter(self._begun))]
        connector = self.state.connectors.get(connector_id)
        if connector is None:
            return self._call_result.StartTransaction(number, {"status": "Invalid"})
        connector.transaction = number
        return self._call_result.StartTransaction(number, {"status": "Accepted"})

    @answers("StopTransaction")
    def _stop(
        self, transaction_id: int, transaction_data: Sequence[Mapping[str, Any]] = (), **_: Any
    ) -> Any:
        for number, connector in self.state.connectors.items():
            if connector.transaction == transaction_id:
                connector.transaction = None
                self.state.meter(number, transaction_data, self.clock.now())
                break
        else:
            self.violations += 1
            return self._call_result.StopTransaction({"status": "Invalid"})
        return self._call_result.StopTransaction({"status": "Accepted"})

    async def prepare(self) -> None:
        """Ask for frequent values."""
        wanted = {
            "MeterValuesSampledData": ",".join(
                ("Power.Active.Import", "Energy.Active.Import.Register", "SoC")
            ),
            "MeterValueSampleInterval": str(SAMPLE),
        }
        for key, value in wanted.items():
            await self.call(self._call.ChangeConfiguration(key, value))


class _Two(_Common):
    """OCPP 2.0.1 and 2.1: the station gives transactions their ids; ours are kept by station."""

    def _accepted(self, action: str) -> Any:
        return getattr(self._call_result, action)(id_token_info={"status": "Accepted"})

    @answers("StatusNotification")
    def _status(
        self, timestamp: str, connector_status: str, evse_id: int, connector_id: int, **_: Any
    ) -> Any:
        at, _quality = when(timestamp, self.clock.now())
        self.state.status(evse_id, connector_status, at, connector_id)
        return self._call_result.StatusNotification()

    @answers("MeterValues")
    def _meter(self, evse_id: int, meter_value: Sequence[Mapping[str, Any]], **_: Any) -> Any:
        self.state.meter(evse_id, meter_value, self.clock.now())
        return self._call_result.MeterValues()

    @answers("TransactionEvent")
    def _transaction(
        self,
        event_type: str,
        transaction_info: Mapping[str, Any],
        evse: Mapping[str, Any] | None = None,
        meter_value: Sequence[Mapping[str, Any]] = (),
        **_: Any,
    ) -> Any:
        identity = transaction_info["transaction_id"]
        number = evse["id"] if evse else self._running(identity)
        connector = self.state.connectors.get(number)
        if connector is None:
            self.violations += 1
        else:
            if event_type == "Ended":
                connector.ended = identity
                if connector.transaction == identity:
                    connector.transaction = None
            elif identity != connector.ended and (
                event_type == "Started" or connector.transaction is None
            ):  # what a station tells late of one that is over does not begin it again
                connector.transaction = identity
            self.state.meter(number, meter_value, self.clock.now())
        return self._call_result.TransactionEvent()

    def _running(self, identity: str) -> int:
        known = self.state.connectors.items()
        return next((n for n, each in known if each.transaction == identity), 0)

    async def prepare(self) -> None:
        """Ask for frequent values, in transactions and besides."""
        values = [
            ("SampledDataCtrlr", "TxUpdatedInterval"),
            ("AlignedDataCtrlr", "Interval"),
        ]
        data = [
            {"attribute_value": str(SAMPLE), "component": {"name": c}, "variable": {"name": v}}
            for c, v in values
        ]
        await self.call(self._call.SetVariables(data))


class TwoZeroOne(_Two, v201.ChargePoint):  # type: ignore[misc]
    """OCPP 2.0.1."""


class TwoOne(_Two, v21.ChargePoint):  # type: ignore[misc]
    """OCPP 2.1, with battery swapping (block S)."""

    @answers("BatterySwap")
    def _swapped(
        self, event_type: str, request_id: int, battery_data: Sequence[Mapping[str, Any]], **_: Any
    ) -> Any:
        self.state.swapped(event_type, request_id, battery_data, self.clock.now())
        return self._call_result.BatterySwap()

    async def request_swap(self, token: str, request: int) -> str:
        """Ask for a battery in exchange for an empty one; why not, or nothing."""
        who = {"id_token": token, "type": "Central"}
        answer = await self.call(self._call.RequestBatterySwap(id_token=who, request_id=request))
        status = getattr(answer, "status", "an error")
        reason = (getattr(answer, "status_info", None) or {}).get("reason_code", "")
        return "" if status == "Accepted" else f"the station said {status} {reason}".strip()


VERSIONS = {"ocpp1.6": Sixteen, "ocpp2.0.1": TwoZeroOne, "ocpp2.1": TwoOne}
"""By WebSocket sub-protocol."""
