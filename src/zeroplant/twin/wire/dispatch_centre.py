"""A dispatch centre for the twin: an IEC 60870-5-104 client that commands by a timetable."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from zeroplant.links.clock import Clock, SystemClock

if TYPE_CHECKING:
    from hat.drivers import iec104

log = logging.getLogger(__name__)

ORIGINATOR = 1


@dataclass(frozen=True)
class Instruction:
    """A set-point to be sent at a moment; ``value`` as it stands on the wire."""

    at: datetime
    ioa: int
    value: float
    select: bool = False
    """Select it first, and execute it only if that was confirmed."""


@dataclass(frozen=True)
class Outcome:
    """What became of an instruction: ``refused`` holds why it was not carried out."""

    instruction: Instruction
    at: datetime
    refused: str = ""


@dataclass
class DispatchCentre:
    """Connects, synchronises the clock, interrogates, and sends what is due; connects again."""

    host: str
    port: int
    timetable: Sequence[Instruction] = ()
    address: int = 1
    zone: tzinfo = UTC
    clock: Clock = field(default_factory=SystemClock)
    patience: float = 10.0
    """Seconds to wait for a confirmation."""
    again: float = 2.0
    """Seconds until the next attempt to connect."""
    values: dict[int, Any] = field(default_factory=dict, init=False)
    """What the station told last, by address: hat-drivers' data with value and quality."""
    outcomes: list[Outcome] = field(default_factory=list, init=False)
    connections: int = field(default=0, init=False)
    _waiting: dict[tuple[str, int], asyncio.Future[bool]] = field(default_factory=dict, init=False)

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self._once()
            except (OSError, TimeoutError) as error:
                log.info("%s:%d: %s", self.host, self.port, repr(error))
            await self.clock.sleep(self.again)

    async def _once(self) -> None:
        from hat.drivers import iec104, net

        line = await iec104.connect(net.TcpAddress(self.host, self.port))
        self.connections += 1
        receiving = asyncio.create_task(self._receive(line))
        following = asyncio.create_task(self._follow(line))
        try:
            done, _ = await asyncio.wait(
                {receiving, following}, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()
            await receiving  # the timetable is through; go on listening
        finally:
            receiving.cancel()
            following.cancel()
            await asyncio.gather(receiving, following, return_exceptions=True)
            await line.async_close()

    async def _follow(self, line: iec104.Connection) -> None:
        """Greet the station, then send each instruction when it is due."""
        await self._synchronise(line)
        await self._interrogate(line)
        begun = self.clock.now()
        for instruction in sorted(self.timetable, key=lambda each: each.at):
            if any(each.instruction == instruction for each in self.outcomes):
                continue
            wait = (instruction.at - self.clock.now()).total_seconds()
            if instruction.at < begun and self._overtaken(instruction, begun):
                continue  # a centre that comes back says what holds now, not what held before
            await self.clock.sleep(max(wait, 0.0))
            refused = await self._command(line, instruction)
            self.outcomes.append(Outcome(instruction, self.clock.now(), refused))

    def _overtaken(self, instruction: Instruction, now: datetime) -> bool:
        return any(
            each.ioa == instruction.ioa and instruction.at < each.at <= now
            for each in self.timetable
        )

    async def _command(self, line: iec104.Connection, instruction: Instruction) -> str:
        from hat.drivers import iec104

        for select in (True, False) if instruction.select else (False,):
            value = iec104.FloatingValue(instruction.value)
            message = iec104.CommandMsg(
                is_test=False,
                originator_address=ORIGINATOR,
                asdu_address=self.address,
                io_address=instruction.ioa,
                command=iec104.FloatingCommand(value=value, select=select),
                is_negative_confirm=False,
                time=None,
                cause=iec104.CommandReqCause.ACTIVATION,
            )
            if not await self._ask(line, message, ("command", instruction.ioa)):
                return "selection refused" if select else "refused"
        return ""

    async def _synchronise(self, line: iec104.Connection) -> None:
        from hat.drivers import iec104

        message = iec104.ClockSyncMsg(
            is_test=False,
            originator_address=ORIGINATOR,
            asdu_address=self.address,
            time=_time(self.clock.now(), self.zone),
            is_negative_confirm=False,
            cause=iec104.ClockSyncReqCause.ACTIVATION,
        )
        await self._ask(line, message, ("clock", 0))

    async def _interrogate(self, line: iec104.Connection) -> None:
        from hat.drivers import iec104

        message = iec104.InterrogationMsg(
            is_test=False,
            originator_address=ORIGINATOR,
            asdu_address=self.address,
            request=20,
            is_negative_confirm=False,
            cause=iec104.CommandReqCause.ACTIVATION,
        )
        await self._ask(line, message, ("interrogation", 0))

    async def _ask(self, line: iec104.Connection, message: Any, key: tuple[str, int]) -> bool:
        """Send, and wait for the confirmation: yes or no. Raises TimeoutError, ConnectionError."""
        confirmed = self._waiting[key] = asyncio.get_running_loop().create_future()
        await line.send([message])
        return await asyncio.wait_for(confirmed, self.patience)

    async def _receive(self, line: iec104.Connection) -> None:
        from hat.drivers import iec104

        names = {
            iec104.CommandMsg: "command",
            iec104.ClockSyncMsg: "clock",
            iec104.InterrogationMsg: "interrogation",
        }
        while True:
            for message in await line.receive():
                if isinstance(message, iec104.DataMsg):
                    self.values[message.io_address] = message.data
                elif name := names.get(type(message)):
                    self._confirmed(name, message)

    def _confirmed(self, name: str, message: Any) -> None:
        from hat.drivers import iec104

        if message.cause is iec104.CommandResCause.ACTIVATION_TERMINATION:
            return
        waiting = self._waiting.get((name, getattr(message, "io_address", 0)))
        if waiting and not waiting.done():
            waiting.set_result(not message.is_negative_confirm)


def _time(at: datetime, zone: tzinfo) -> Any:
    """A moment in the zone's wall time; hat-drivers' own function takes the machine's zone."""
    from hat.drivers import iec104

    wall = at.astimezone(zone)
    return iec104.Time(
        size=iec104.TimeSize.SEVEN,
        milliseconds=wall.second * 1000 + wall.microsecond // 1000,
        invalid=False,
        substituted=False,
        minutes=wall.minute,
        summer_time=bool(wall.dst()),
        hours=wall.hour,
        day_of_week=wall.isoweekday(),
        day_of_month=wall.day,
        months=wall.month,
        years=wall.year % 100,
    )
