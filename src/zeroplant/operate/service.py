"""The controller as a process: plant and devices from files, signals, and days that go by."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from zeroplant.errors import InputError, Problem
from zeroplant.links.clock import SystemClock
from zeroplant.links.devices import read_devices
from zeroplant.operate.controller import Controller
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.foresight import Foresight
from zeroplant.operate.image import Image
from zeroplant.operate.loop import Beats, ControlLoop
from zeroplant.operate.planner_process import PlannerProcess
from zeroplant.operate.planning import EXPECTED, Planning
from zeroplant.operate.price_signals import WithPrices
from zeroplant.operate.recording import Recording
from zeroplant.operate.responses import Responses, planned_at
from zeroplant.operate.standing import Standing, stand
from zeroplant.operate.steady import SteadyClock
from zeroplant.plant import Plant, load_plant

if TYPE_CHECKING:
    from zeroplant.operate.callers import Callers


log = logging.getLogger(__name__)

NEXT = 1.0
"""Seconds between two looks whether the days are over."""


@dataclass(frozen=True)
class _Service:
    """What stays while days go by."""

    plant: Plant
    devices: Path
    folder: PlantFolder
    recording: Recording
    clock: SteadyClock
    beat: float
    days: int
    callers: Callers | None
    foresight: Foresight | None
    priced: WithPrices
    responses: Responses


def serve(
    plant: Path,
    devices: Path,
    data: Path,
    *,
    beat: float = 4.0,
    days: int = 2,
    planner: bool = True,
    cycles: int = 0,
    callers: Path | None = None,
    weather: Path | None = None,
) -> Beats:
    """Control a plant until a signal comes, or for so many cycles. Raises InputError.

    ``callers`` is a file that names who may call on the plant from outside, ``weather`` a table
    with the forecasts of a weather service, read anew whenever it changes.
    """
    loaded = load_plant(plant)
    names = read_devices(devices).entries
    if not names:
        raise InputError(Problem("no devices", file=str(devices), instead="name at least one"))
    folder = PlantFolder(data)
    recording = Recording(folder)
    clock = SteadyClock(SystemClock())
    try:
        called = _called(callers, clock) if callers else None
        foresight = Foresight(recording, weather) if planner else None
        priced = WithPrices(
            lambda: foresight.newest if foresight else EXPECTED,
            called.prices if called else dict,
        )
        service = _Service(
            loaded, devices, folder, recording, clock, beat, days, called, foresight, priced,
            Responses(recording, loaded.time.zone),
        )  # fmt: skip
        return asyncio.run(_for_days(service, cycles))
    finally:
        recording.close()


def _called(path: Path, clock: SteadyClock) -> Callers:
    try:  # a plant that nobody calls on needs none of the protocols
        from zeroplant.operate.callers import Callers
        from zeroplant.operate.callers_file import read_callers
    except ModuleNotFoundError as error:
        problem = Problem(f"{error.name} is missing", instead="pip install 'zeroplant[links]'")
        raise InputError(problem) from None
    return Callers(read_callers(path), clock)


async def _for_days(service: _Service, cycles: int) -> Beats:
    """One loop until stopped; what it stands on is renewed as spans of days go by."""
    beats = Beats()
    planning: Planning | None = None
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows knows no handlers here
            loop.add_signal_handler(sign, stopping.set)
    try:
        if service.callers:
            await service.callers.open()
        start = _midnight(service)
        standing = await _stood(service, start)
        planning = _planning(service, standing, planning)
        control = _control(service, standing, planning, beats)
        renewing = asyncio.create_task(_renewing(service, control, planning, start))
        try:
            await _until(control, stopping, cycles)
        finally:
            renewing.cancel()
    finally:
        if planning is not None:
            await asyncio.to_thread(planning.close)
        if service.foresight is not None:
            await asyncio.to_thread(service.foresight.close)
        await asyncio.to_thread(service.responses.close)
        if service.callers:
            await service.callers.close()
    return beats


def _midnight(service: _Service) -> datetime:
    return service.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)


async def _stood(service: _Service, start: datetime) -> Standing:
    """The plant on its next days, worked out beside the loop."""
    return await asyncio.to_thread(
        stand, service.plant, start=start, days=service.days, folder=service.folder.path
    )


async def _renewing(
    service: _Service, control: ControlLoop, planning: Planning | None, start: datetime
) -> None:
    """Stand on the next days when those before end; the loop goes on, and all it knows."""
    while True:
        while service.clock.now() < start + timedelta(days=service.days):
            await asyncio.sleep(NEXT)
        try:
            following = _midnight(service)
            standing = await _stood(service, following)
            controller = await asyncio.to_thread(Controller, standing.network, standing.sizes)
            _planning(service, standing, planning)
            service.responses.stand(standing.network)
        except Exception:  # the days before are kept, by their last step, until it can be done
            log.exception("the next days could not be worked out; it is tried again")
            await asyncio.sleep(60.0 * NEXT)
            continue
        control.stand(controller)
        start = following


def _planning(service: _Service, standing: Standing, planning: Planning | None) -> Planning | None:
    foresight = service.foresight
    if foresight is None:
        return None
    foresight.stand(standing)
    service.priced.stand(standing.network)
    if planning is None:
        return Planning(PlannerProcess(standing), service.recording, service.priced)
    planning.planner.stand(standing)
    return planning


def _control(
    service: _Service, standing: Standing, planning: Planning | None, beats: Beats
) -> ControlLoop:
    keepers = read_devices(service.devices).connect(service.clock)
    callers = service.callers
    service.responses.stand(standing.network)

    def look(image: Image) -> None:
        if service.foresight is not None:
            service.foresight.look(image.at)
        schedule = None
        if planning is not None:
            planning.look(image, None if control.last is None else control.last.known)
            schedule = planning.schedule
        if callers is not None and control.last is not None:
            callers.publish(image, {"plant.export": control.last.exchange})
            callers.planned = planned_at(schedule, image.at)
            service.responses.look(image.at, callers.orders(), schedule)
            callers.report(service.responses.finished())

    control = ControlLoop(
        Controller(standing.network, standing.sizes),
        [*keepers, *(callers.keepers if callers else ())],
        service.clock,
        service.recording,
        schedule=lambda: None if planning is None else planning.schedule,
        after=look,
        beat=service.beat,
        beats=beats,
        orders=callers.orders if callers else tuple,
        troubles=callers.troubles if callers else tuple,
    )
    return control


async def _until(control: ControlLoop, stopping: asyncio.Event, cycles: int) -> None:
    """Run the loop until a signal, or its number of cycles."""

    def over() -> bool:
        return stopping.is_set() or bool(cycles and control.beats.cycles >= cycles)

    async def stop() -> None:
        await stopping.wait()
        control.stop()

    watching = asyncio.create_task(stop())
    try:
        await control.run(over)
    finally:
        watching.cancel()
