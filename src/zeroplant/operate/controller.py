"""Controller: one cycle from an image to set-points, without input, output or waiting.

A cycle runs in this order, and nothing in it asks anybody:

1. what is known: which readings count, what the meters say of the silent ones;
2. what is wanted: orders by priority, else the schedule, else rest; the fail-safe until told;
3. dispatch: who does what;
4. thrift: a set-point that hardly changed is not written again before it lapses;
5. guard: nothing leaves the envelope;
6. verify: who follows, what is to be doubted; alarms.

Time comes in as ``now``. Everything that lasts (how long a device has been off its set-point)
counts the seconds between cycles and so survives a clock that jumps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.operate.alarms import Alarms, Condition
from zeroplant.operate.at_odds import at_odds
from zeroplant.operate.counted import counted_on, due, said_possible, told_and_measured
from zeroplant.operate.decision import Decision, Reason
from zeroplant.operate.dispatch import Dispatch, Split, Wanted
from zeroplant.operate.effects import Thrift
from zeroplant.operate.envelope import envelope_of
from zeroplant.operate.guard import UNCLIPPED, Guard, Guarded
from zeroplant.operate.guidance import Course, Moment, Scheduled
from zeroplant.operate.image import Codes, Image
from zeroplant.operate.known import Known, fresh, reconcile
from zeroplant.operate.levels import Levels
from zeroplant.operate.listing import Listing
from zeroplant.operate.orders import FAIL_SAFE, Bounds, Order, bounds_of, in_force
from zeroplant.operate.points import BoolArray, Points, asset_of, points_of
from zeroplant.operate.settings import Settings
from zeroplant.operate.verify import Doubts, Reach, Verifier
from zeroplant.operate.wired import wiring_of
from zeroplant.operate.wiring import Stage
from zeroplant.waist.network import Network

# As plain numbers: to compare an array with a member of an enumeration takes ten times as long.
PLANNED, CALLED, ORDERED = int(Reason.SCHEDULE), int(Reason.MERIT), int(Reason.ORDER)
FAIL, DEAF, GUARDED = int(Reason.FAIL_SAFE), int(Reason.NOT_FOLLOWING), int(Reason.GUARD)

LASTING = 0.02
"""Part of a connection by which tracking is off at most that is learnt from in a cycle."""
LONGEST = 60.0
"""Seconds that a cycle can have lasted at most, whatever the clock says."""

AFTERWARDS = 900.0
"""Seconds for which it is told that load was shed: a shortage that comes and goes is one."""
ANSWERED = 60.0
"""Seconds after the start in which every device is to have been heard."""


class Controller:
    """The controller of one plant. Pure: the same calls give the same decisions."""

    def __init__(
        self,
        network: Network,
        sizes: Mapping[str, float] | None = None,
        settings: Settings | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.points: Points = points_of(network, sizes)
        self.wiring = wiring_of(network, self.points, sizes)
        self.dispatch = Dispatch(self.wiring, self.settings)
        self.thrift = Thrift(
            self.wiring, self.dispatch.effects, self.dispatch.size, self.settings.deadband
        )
        self.guard = Guard(envelope_of(network, self.points, sizes))
        self.verifier = Verifier(
            self.wiring,
            self.settings,
            self.dispatch.effects.tolerance(self.wiring.at(0), self.dispatch.size),
        )
        self.alarms = Alarms()
        count = self.points.flows
        self._now: datetime | None = None
        self._time = 0.0
        self._stage: Stage | None = None
        self._course = Course(self.wiring)
        self._told = False
        self.levels = Levels(self.wiring)
        self._trim = np.zeros(self.wiring.areas)
        self._followed = np.ones(count, bool)
        self._aims = np.full(self.wiring.areas, np.nan)
        self._steady = 0.0
        self._over = np.zeros(self.wiring.areas)
        self._short = 0.0
        self._last = np.full(count, np.nan)
        self._written = np.full(count, -np.inf)
        self._heard = np.zeros(len(self.points), bool)
        self._served = np.zeros(len(self.points), bool)
        self._stale = np.full(len(self.points), self.settings.stale)
        self._shed = np.full(count, -np.inf)
        self._lost = np.zeros(count, bool)
        self._deferred = np.zeros(count, bool)
        self._untold = np.zeros(count)
        self._listing = Listing()
        self._settable = self.points.writable[:count]
        size = self.dispatch.size
        self._noise, self._off = 0.01 * size, 0.02 * float(size.sum())
        self._most_learnt = LASTING * size, 0.05 * size
        index, names = self.points.index, self.points.names
        self._online = np.array([index.get(f"{asset_of(n)}.online", -1) for n in names[:count]])

    def cycle(
        self,
        now: datetime,
        image: Image,
        schedule: Scheduled | None = None,
        orders: Sequence[Order] = (),
        troubles: Sequence[Condition] = (),
    ) -> Decision:
        """Decide once. ``now`` and the image's times are UTC; orders are all that are known of.

        ``troubles`` are alarms of what is around the cycle: disk, clock, links.
        """
        seconds, jumped = self._elapsed(now)
        self._time += seconds
        micros = image.at_micros
        stage = self._stage_at(self.wiring.stage(micros))
        good = fresh(image, self._stale)
        self._heard |= good | (self._served & (self._time >= ANSWERED))
        doubts = self.verifier.doubt(self._time, image.value, good, stage)
        good, self.dispatch.apart = good & ~doubts.outside & ~doubts.frozen, doubts.apart
        known = self.levels.carried(reconcile(image, self.wiring, stage, good), good, seconds)
        moment = self._course.at(micros, schedule)
        held = in_force(orders, now)
        bounds = bounds_of(held)
        wanted, source = self._wanted(moment, bounds, held)
        possible = self._possible(known)
        active, reach = self._active(known, good, possible, seconds)
        believed = self._without_offsets(known, reach)
        left = (self.wiring.step - (micros - self.wiring.start) % self.wiring.step) / 3.6e9
        fixed = self._fixed(held)
        split = self.dispatch.split(
            believed, stage, moment, wanted, left, active, reach, self._trim, fixed,
            seconds or np.inf,
        )  # fmt: skip
        self._adjust(split, seconds)
        most_export = min(bounds.most, wanted.most)
        wishes = self.thrift(split.setpoints, self._last, stage)
        safe = self._guarded(wishes, believed, possible, active, reach, bounds.least, most_export)
        write = self._due(safe.setpoints, jumped)
        self.verifier.commanded(safe.setpoints, seconds)
        conditions = self._conditions(
            good, doubts, active, split, self._lasting(safe.over, seconds), moment, bounds, wanted
        )
        if ("target missed", "") in conditions:
            conditions.update(at_odds(held))
        changes = self.alarms.update(now, conditions.union(troubles))
        reason = self._reasons(split, active, safe.clip, fixed, wanted, source)
        count = self.points.flows
        setpoints = np.full(len(self.points), np.nan)
        setpoints[:count] = safe.setpoints
        writing = np.zeros(len(self.points), bool)
        writing[:count] = write
        until = now + timedelta(seconds=self.settings.validity)
        return Decision(
            now, setpoints, writing, until, reason, safe.clip, changes, split.target,
            split.achievable, float(split.exchange.sum()), source, known, self._short,
        )  # fmt: skip

    def take_over(self, before: Controller) -> None:
        """Go on where the controller of the days before ends: alarms, times, set-points, levels."""
        self.alarms, self._told = before.alarms, before._told
        self._now, self._time = before._now, before._time
        if self.points.names == before.points.names:
            self._last, self._written = before._last, before._written
            self._lost, self._untold = before._lost, before._untold
            self._shed = before._shed
            self._deferred, self._followed = before._deferred, before._followed
            self.levels.take_over(before.levels)
            self.verifier.take_over(before.verifier)
            self._heard, self._short = before._heard, before._short
            self._served, self._stale = before._served, before._stale
            if self.wiring.areas == before.wiring.areas:
                self._trim, self._aims = before._trim, before._aims
                self._steady, self._over = before._steady, before._over
                if self.wiring.nodes == before.wiring.nodes:
                    self._course.take_over(before._course)

    def serves(self, lasting: Mapping[int, float]) -> None:
        """Points of these places have a device: what is not heard soon after the start is lost.

        What is heard of one lasts for so many seconds, where that is longer than ``stale``.
        """
        self._served[:], self._stale[:] = False, self.settings.stale
        for place, seconds in lasting.items():
            self._served[place], self._stale[place] = True, max(seconds, self.settings.stale)

    def unheard(self, places: Sequence[int], deferred: Sequence[int] = ()) -> None:
        """Set-points of these places were not acknowledged: they are due again in the next cycle.

        Until they are, a device is not judged by them; one that takes none for the time it has to
        follow (``settle``) is not counted on. One that is ``deferred``, for it may not be written
        so often, keeps its old value a while longer: it is counted on all the same.
        """
        self._lost[:] = self._deferred[:] = False
        self._lost[list(places)] = True
        self._deferred[list(deferred)] = True

    @property
    def idle_on_stop(self) -> Ints:
        """Places of set-points that are put to nothing when control ends: what fills and drains."""
        devices = self.wiring.devices
        pairs = devices.pair >= 0
        return np.concatenate([devices.gives[pairs], devices.takes[pairs]])

    def _elapsed(self, now: datetime) -> tuple[float, bool]:
        """Seconds since the cycle before, and whether the clock has jumped in between."""
        seconds = 0.0 if self._now is None else (now - self._now).total_seconds()
        self._now = now
        return min(max(seconds, 0.0), LONGEST), not 0.0 <= seconds <= LONGEST

    def _stage_at(self, number: int) -> Stage:
        if self._stage is None or self._stage.number != number:
            self._stage = self.wiring.at(number)
        return self._stage

    def _wanted(
        self, moment: Moment | None, bounds: Bounds, held: Sequence[Order]
    ) -> tuple[Wanted, str]:
        """Whose word holds, and what it is."""
        self._told = self._told or moment is not None or bounds.told
        if not np.isnan(bounds.target):
            named = next(order.source for order in held if order.kind == "target")
            return Wanted(bounds.target, bounds.least, bounds.most), named
        if not self._told:
            most = min(bounds.most, self.settings.fail_safe_export)
            return Wanted(np.nan, bounds.least, most, safe=True), "fail-safe"
        target = np.nan if moment is None else moment.target
        source: str = "rest" if moment is None else "schedule"
        if not bounds.least <= target <= bounds.most and moment is not None:
            source = next((o.source for o in held if o.kind != "device"), source)
        return Wanted(target, bounds.least, bounds.most), source

    def _active(
        self, known: Known, good: BoolArray, possible: Floats, seconds: float
    ) -> tuple[BoolArray, Reach]:
        """Flows that can be counted on, measured, there and told; and for how much."""
        flow = known.value[: self.points.flows]
        measured, judged, active = np.empty((3, len(flow)), bool)
        told_and_measured(
            seconds, good, known.source, known.spread, self._heard, self._lost, self._deferred,
            self._untold, measured, judged,
        )  # fmt: skip
        reach = self.verifier.judge(self._time, seconds, flow, possible, judged)
        if counted_on(
            reach.follows, measured, self._untold, self.settings.settle,
            self._online, good, known.value, self._followed, active,
        ):  # fmt: skip
            self._trim = np.zeros_like(self._trim)  # what was learnt was of other devices
        return active, reach

    def _without_offsets(self, known: Known, reach: Reach) -> Known:
        """What is known, less what the meters of devices are off from their set-points."""
        value = known.value.copy()
        flow = value[: self.points.flows]
        np.maximum(flow - reach.offset, np.minimum(flow, 0.0), out=flow)
        return Known(value, known.spread, known.source)

    def _possible(self, known: Known) -> Floats:
        """What generators say they could give, nan where nothing is heard."""
        possible = np.empty(self.points.flows)
        said_possible(known.value, known.source, self.wiring.possible, possible)
        return possible

    def _fixed(self, held: Sequence[Order]) -> dict[int, float]:
        """Flows that are ordered one by one; the highest order counts."""
        fixed: dict[int, float] = {}
        for order in held:
            place = self.points.index.get(order.key, -1)
            if order.kind == "device" and 0 <= place < self.points.flows:
                fixed.setdefault(place, order.value)
        return fixed

    def _adjust(self, split: Split, seconds: float) -> None:
        """Learn what lasts of the error of tracking, once the aims stand still."""
        stands = np.abs(split.aims - self._aims) <= self._noise
        self._steady = self._steady + seconds if np.count_nonzero(stands) == len(stands) else 0.0
        if self._steady >= self.settings.settle:
            # A step in the plant is made up for in one cycle; what lasts is small.
            most, limit = self._most_learnt
            error = np.minimum(np.maximum(self._aims - split.exchange, -most), most)
            trim = self._trim + self.settings.trim * error
            self._trim = np.minimum(np.maximum(trim, -limit), limit)
        self._aims = split.aims
        missed = abs(split.target - split.achievable) > self._off
        self._short = self._short + seconds if missed else 0.0

    def _lasting(self, over: Floats, seconds: float) -> BoolArray:
        """Connections that have been over by more than noise for as long as cutting takes."""
        self._over = np.where(over > self._noise, self._over + seconds, 0.0)
        return np.asarray(self._over >= self.settings.settle)

    def _guarded(  # noqa: PLR0917 - what is known
        self, wishes: Floats, known: Known, possible: Floats, active: BoolArray, reach: Reach,
        least: float, most: float,
    ) -> Guarded:  # fmt: skip
        """Wishes within the envelope; ``least`` and ``most`` bound the export [MW]."""
        assert self._stage is not None
        count = self.points.flows
        flow = known.value[:count]
        return self.guard.check(
            self._stage.number,
            wishes,
            flow,
            known.value[count : count + self.points.stores],
            possible,
            self.verifier.slow,
            np.where(active, reach.bottom, flow),
            np.where(active, reach.ceiling, flow),
            least_export=least,
            most_export=most,
        )

    def _due(self, setpoints: Floats, jumped: bool) -> BoolArray:
        """Which set-points are to be written: those that changed, soon lapse, or were lost."""
        write = np.empty(len(setpoints), bool)
        due(
            self._time, self.settings.validity / 2.0, setpoints, self._last, self._settable,
            self._lost, self._deferred, jumped, self._written, write,
        )  # fmt: skip
        self._last = setpoints
        return write

    def _reasons(  # noqa: PLR0917 - what the cycle has found
        self,
        split: Split,
        active: BoolArray,
        clip: Codes,
        fixed: Mapping[int, float],
        wanted: Wanted,
        source: str,
    ) -> Codes:
        reason = np.zeros(len(self.points), np.uint8)
        settable, own = self._settable, reason[: len(active)]
        own[settable] = FAIL if wanted.safe else PLANNED
        by_merit = source in ("schedule", "rest", "fail-safe")
        own[settable & split.called] = CALLED if by_merit else ORDERED
        own[settable & ~active] = DEAF
        if fixed:
            own[list(fixed)] = ORDERED
        own[clip > UNCLIPPED] = GUARDED
        return reason

    def _conditions(  # noqa: PLR0917 - what the cycle has found
        self,
        good: BoolArray,
        doubts: Doubts,
        active: BoolArray,
        split: Split,
        over: BoolArray,
        moment: Moment | None,
        bounds: Bounds,
        wanted: Wanted,
    ) -> set[Condition]:
        """Everything that is wrong now."""
        names = self.points.names
        found: set[Condition] = set()
        off = self.verifier.reach.fails & good[: len(active)]
        self._shed[self.wiring.shed & (self._last > 0.0)] = self._time
        shed = self._time - self._shed < AFTERWARDS
        for code, mask, of in (
            ("silent", self._heard & ~good & ~doubts.outside & ~doubts.frozen, names),
            ("outside", doubts.outside, names),
            ("frozen", doubts.frozen, names),
            ("not following", off, names),
            ("meter disagrees", doubts.nodes, self.wiring.nodes),
            ("connection over", over, self.wiring.nodes),
            ("load shed", shed, names),
        ):
            if np.count_nonzero(mask):
                found.update(self._listing.of(code, mask, of))
        if wanted.safe:
            found.add(("fail-safe", ""))
        elif moment is None:
            found.add(("no schedule", ""))
        if self._course.refused:
            found.add(("schedule refused", "", self._course.refused))
        if self._short >= self.settings.settle:
            found.add(("target missed", ""))
        for order in bounds.contradictions:
            if order.key != FAIL_SAFE:
                found.add(("contradiction", f"{order.source}: {order.kind}"))
        return found
