"""The controller as a process: plant and devices from files, signals, and days that go by."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from zeroplant.axis import zone_named
from zeroplant.errors import InputError, Problem
from zeroplant.links.clock import SystemClock
from zeroplant.links.devices import read_devices
from zeroplant.operate.around import Around
from zeroplant.operate.assumed import assumed
from zeroplant.operate.commitments_file import read_commitments
from zeroplant.operate.controller import Controller
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.forecaster import Forecasts
from zeroplant.operate.foresight import Foresight
from zeroplant.operate.loop import Beats, ControlLoop, Kept
from zeroplant.operate.named import misnamed
from zeroplant.operate.past import Past
from zeroplant.operate.planner_process import PlannerProcess
from zeroplant.operate.recording import Recording
from zeroplant.operate.set_aside import opened
from zeroplant.operate.settings import Settings
from zeroplant.operate.standing import Standing
from zeroplant.operate.standing_kept import stand_again
from zeroplant.operate.steady import SteadyClock
from zeroplant.operate.worker import Worker
from zeroplant.operate.year import kept_year
from zeroplant.operate.year_process import YearProcess
from zeroplant.plant import Plant, load_plant

if TYPE_CHECKING:
    from zeroplant.operate.callers import Callers
    from zeroplant.operate.decision import Decision
    from zeroplant.operate.image import Image


log = logging.getLogger(__name__)

NEXT = 1.0
"""Seconds between two looks whether the days are over."""
AGAIN, LONGEST = 60.0, 3600.0
"""Seconds until what failed in standing on other days is tried again; each time they double."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """What stays while days go by.

    ``connect`` gives the devices, ``clock`` the plant's time; ``monotonic`` counts its seconds, of
    which ``speed`` pass in one of ours. Without ``planner`` no schedules are made. ``year`` solves
    the plant's year; None where it is solved already.
    """

    plant: Plant
    recording: Recording
    clock: SteadyClock
    connect: Callable[[], Sequence[Kept]]
    year: YearProcess | None = None
    beat: float = 4.0
    days: int = 2
    planner: bool = True
    callers: Callers | None = None
    weather: Path | None = None
    commitments: Path | None = None
    known: tuple[Forecasts, Past] | None = None
    """A forecaster with what it has learnt already, and the past it knows."""
    speed: float = 1.0
    monotonic: Callable[[], float] = time.monotonic
    worker: Worker = field(default_factory=lambda: Worker("beside", waits=True))
    """Begins after the first cycle, which nothing may keep waiting."""
    looker: Worker = field(default_factory=lambda: Worker("inbox"))
    """Looks through the inbox: long work must not keep persons waiting."""

    @property
    def midnight(self) -> datetime:
        """The last one, in UTC."""
        return self.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)

    def stood(self, start: datetime, devices: Sequence[Kept]) -> Standing:
        """The plant on its next days; as its devices say it is, until its year is solved."""
        folder = self.recording.folder.path
        year = kept_year(self.plant, {}, folder)
        if year is not None:
            return stand_again(self.plant, start=start, days=self.days, year=year, folder=folder)
        most = {name: point.most for each in devices for name, point in each.points.items()}
        return assumed(self.plant, start=start, days=self.days, most=most, folder=folder)

    def around(self, standing: Standing) -> Around:
        """What goes on around the loop."""
        do, foresight = self.worker.do, None
        if self.planner:
            foresight = Foresight(self.recording, self.weather, given=self.known, do=do)
        return Around(
            self.recording, self.plant.time.zone, foresight=foresight, callers=self.callers, do=do,
            planner=PlannerProcess(standing) if self.planner else None,
            commitments=self.commitments,
        )  # fmt: skip

    def controller(self, standing: Standing) -> Controller:
        """Who decides on these days."""
        return Controller(standing.network, standing.sizes, Settings().every(self.beat))

    def loop(
        self, standing: Standing, devices: Sequence[Kept], around: Around, beats: Beats
    ) -> ControlLoop:
        """The loop on the first of its days. Raises InputError for names that it does not have."""
        callers = self.callers

        def look(image: Image, decision: Decision) -> None:
            self.worker.begin()
            around.look(image, decision)

        controller = self.controller(standing)
        keepers = [*devices, *(callers.keepers if callers else ())]
        served = {keeper.name: keeper.points for keeper in keepers}
        if wrong := misnamed(controller.points, served, callers.named if callers else ()):
            raise InputError(wrong)
        control = ControlLoop(
            controller, keepers, self.clock, self.recording,
            schedule=around.newest, orders=around.orders,
            troubles=around.troubles, after=look, beat=self.beat, speed=self.speed,
            monotonic=self.monotonic, beats=beats, do=self.looker.do,
        )  # fmt: skip
        around.ordered = lambda: control.ordered
        return control


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
    commitments: Path | None = None,
) -> Beats:
    """Control a plant until a signal comes, or for so many cycles. Raises InputError.

    ``callers`` is a file that names who may call on the plant from outside, ``weather`` a table
    with the forecasts of a weather service, ``commitments`` what was promised: both are read anew
    whenever they change.
    """
    loaded = load_plant(plant)
    if commitments is not None:
        read_commitments(commitments, zone_named(loaded.time.zone))
    names = read_devices(devices).entries
    if not names:
        raise InputError(Problem("no devices", file=str(devices), instead="name at least one"))
    clock = SteadyClock(SystemClock())
    recording = opened(PlantFolder(data), clock.now())
    try:
        service = Service(
            plant=loaded, recording=recording, clock=clock, beat=beat, days=days, planner=planner,
            connect=lambda: read_devices(devices).connect(clock), weather=weather,
            year=YearProcess(plant, data),
            callers=_called(callers, clock, recording) if callers else None,
            commitments=commitments,
        )  # fmt: skip
        return asyncio.run(run(service, cycles))
    finally:
        recording.close()


def _called(path: Path, clock: SteadyClock, recording: Recording) -> Callers:
    try:  # a plant that nobody calls on needs none of the protocols
        from zeroplant.operate.callers import Callers
        from zeroplant.operate.callers_file import read_callers
    except ModuleNotFoundError as error:
        problem = Problem(f"{error.name} is missing", instead="pip install 'zeroplant[links]'")
        raise InputError(problem) from None
    return Callers(read_callers(path), clock, recording)


async def run(service: Service, cycles: int = 0) -> Beats:
    """One loop until stopped; what it stands on is renewed as spans of days go by."""
    beats, stopping = Beats(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows knows no handlers here
            loop.add_signal_handler(sign, stopping.set)
    around: Around | None = None
    try:
        if service.callers:
            await service.callers.open()
        start, devices = service.midnight, service.connect()
        standing = await asyncio.to_thread(service.stood, start, devices)
        around = service.around(standing)
        around.stand(standing)
        if around.planning is not None:
            around.planning.resume(service.clock.now())
        control = service.loop(standing, devices, around, beats)
        renewing = asyncio.create_task(_renewing(service, control, around, standing))
        try:
            await _until(control, stopping, cycles)
        finally:
            renewing.cancel()
    finally:
        if service.year is not None:
            service.year.close()
        if around is not None:
            await asyncio.to_thread(around.close)
        for worker in (service.worker, service.looker):
            await asyncio.to_thread(worker.close)
        if service.callers:
            if around is not None:
                around.report()  # what was measured last: it is kept until it is told
            await service.callers.close()
    return beats


async def _renewing(
    service: Service, control: ControlLoop, around: Around, standing: Standing
) -> None:
    """Stand on the next days when those before end; the loop goes on, and all it knows.

    The same as soon as the year is solved, where the plant began without it.
    """
    start, state, pause = standing.network.axis.start, standing.year.state, AGAIN
    while True:
        while state == "solved" and service.clock.now() < start + timedelta(days=service.days):
            await asyncio.sleep(NEXT)
        try:
            if state != "solved" and service.year is not None:
                await asyncio.to_thread(service.year.solve)
            following = service.midnight
            renewed = await asyncio.to_thread(service.stood, following, control.keepers)
            controller = await asyncio.to_thread(service.controller, renewed)
            around.stand(renewed)
        except Exception:  # the days before are kept, by their last step, until it can be done
            log.exception("the next days could not be worked out; it is tried again")
            await asyncio.sleep(pause)
            pause = min(2.0 * pause, LONGEST)
            continue
        control.stand(controller)
        start, state, pause = following, renewed.year.state, AGAIN


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
