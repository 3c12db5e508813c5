"""Navigation complex: a low weir with turbines, a small pond, and a lock for ships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.lock import Lock
from zeroplant.assets.parts.low_head import LowHead
from zeroplant.assets.parts.water import change_of
from zeroplant.assets.run_of_river import Weir
from zeroplant.axis import Axis, Floats
from zeroplant.units import Area, Fraction, Length, Quantity
from zeroplant.waist import Affine, Flow, Scope, Store
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

LevelRate = Annotated[float, Quantity("m/h", gt=0)]


class NavigationComplex(Weir):
    """Low-head hydro with a pond for a few hours of peaking, and water for ships.

    The pond moves within ``head_water ± pond_range``. Power is bounded by the lines of `LowHead`
    at the pond's lowest level, plus what the level above that gains: its height times the river's
    natural flow, and no more than the whole range times the turbined flow. So there is a reason to
    keep the pond high. For a year of a complex like Lize's (±0.5 m on 10 m of head; `tests/assets`
    has it) the energy is 0.8 % below that of the true product along the same schedule, and the
    power of an hour is off by 1.3 % of the rating (root mean square).

    The lock takes its water from the pond; the ledger's line "generation lost to the lock" says
    how much electricity it could have made. Where ships may wait (`Lock`), lockages move to hours
    in which water is worth little or is spilled anyway. Lockages, the least flow and the speed at
    which the pond may rise and fall are wishes with a price, so that no drought and no flood leaves
    the plan without an answer.
    """

    title: ClassVar = ("Navigation complex", "航电枢纽")
    chinese: ClassVar[Mapping[str, str]] = {
        "lock.chambers": "船闸线数",
        "lock.shared_filling": "双线船闸互灌水节水率",
        "lock.waits": "船舶最长待闸时间",
        "lock.ships": "过闸船舶流量",
        "lock.group": "每闸次船舶数",
        "lock.cycle": "单闸次历时",
        "lock.wait_price": "待闸价格",
        "lock.missed": "未过闸惩罚",
        "lock.whole": "闸次取整数",
        "pond": "库区蓄水",
        "locked": "船闸用水",
        "arriving": "上游来水",
        "drawn": "抽水取水",
        "lockages": "闸次",
        "water of lockages": "闸次用水",
        "ships in the chambers": "闸室船舶",
        "chambers ready": "闸室富余时间",
        "time of the chambers": "闸室时间",
        "ships passing": "过闸船舶",
        "ships waiting": "待闸船舶",
        "ships not passed": "未过闸船舶",
        "generation lost to the lock": "船闸用水损失电量",
        "minimum flow": "最小下泄流量",
        "rise of the release": "下泄流量上升",
        "fall of the release": "下泄流量下降",
        "rise of the pond": "库水位上升",
        "fall of the pond": "库水位下降",
    }
    kind: Literal["navigation_complex"]
    pond_area: Area = Field(gt=0, description="surface of the pond at its normal level")
    pond_range: Length = Field(0.5, gt=0, description="level above and below normal, 0.5…1 m")
    start: Fraction | None = Field(
        None, description="how full the range is at first; as at the end if left out"
    )
    level_rate: LevelRate | None = Field(
        0.5, description="wish: fastest rise and fall of the pond, 0.5…1 m/h for ships"
    )
    lock: Lock | None = Field(None, description="ship lock")

    @model_validator(mode="after")
    def _pond_above_the_river(self) -> NavigationComplex:
        if self.head_water - self.pond_range <= self.tail_water[0][1]:
            message = "'head_water' less 'pond_range' must be above the lowest 'tail_water'"
            raise ValueError(message)
        return self

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Turbines, spill and lock empty the pond; what comes from above fills it."""
        low = self.production(plant.axis, self.head_water - self.pond_range)
        middle = self.production(plant.axis, self.head_water)
        turbined, output = self.turbines(plant, middle.cap)
        released = [turbined, self.passing(plant, "spilled", role="spill")]
        if self.lock is not None:
            released.append(self._locked(plant, self.lock, middle))
        pond = self.fill(plant, "pond", released, self.pond_volume, self.start)
        self._level(plant, output - low.made(plant, turbined), pond, turbined, middle)
        self.wishes(plant, released)
        if self.level_rate is not None:
            fastest = self.level_rate * self.pond_area / 3600.0
            change = change_of(pond)
            self.wish(plant, "rise of the pond", change, at_most=fastest)
            self.wish(plant, "fall of the pond", -change, at_most=fastest)

    @property
    def pond_volume(self) -> float:
        """Water between the lowest and the highest level, hm³."""
        return self.pond_area * 2.0 * self.pond_range / 1e6

    def lost_to_lock(self, axis: Axis) -> Floats:
        """Power [MW] the scheduled lock water would have made in each stage."""
        production = self.production(axis, self.head_water)
        water = 0.0 if self.lock is None else self.lock.water(axis, production.head)
        return self.falling * production.head * water

    def _level(
        self, plant: Scope, gained: Affine, pond: Store, turbined: Flow, middle: LowHead
    ) -> None:
        """Bound the MW of the level above the lowest: by the river's flow, and by the turbined."""
        flow = np.minimum(middle.river, middle.cap)
        height = pond * (1e6 / self.pond_area)
        river = gained - height * (self.falling * flow)
        turbines = gained - turbined * (self.falling * 2.0 * self.pond_range)
        plant.budget("level and river", river, at_most=0.0, over="period", unit="MW")
        plant.budget("level and turbines", turbines, at_most=0.0, over="period", unit="MW")

    def _locked(self, plant: Scope, lock: Lock, middle: LowHead) -> Flow:
        """Lock water, as scheduled or as planned; and what it costs in generation."""
        if lock.waits is None:
            schedule = lock.water(plant.axis, middle.head)
            locked = self.passing(plant, "locked", cap=schedule)
            self.wish(plant, "lockages", locked * 1.0, at_least=schedule)
        else:
            locked = self.passing(plant, "locked")
            lock.schedule(plant, locked, middle.head)
        lost = locked * (self.falling * middle.head)
        plant.line("generation lost to the lock", lost, 0.0, unit="MWh")
        return locked

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """What passes the lock and what it takes; the wait, where lockages are planned."""
        if self.lock is None:
            return
        axis = plant.axis
        days, locked = float(axis.weight.sum()) / 24.0, plant.flow_named("locked")
        head = self.production(axis, self.head_water).head
        lost = solution.total(locked * (self.falling * head))
        yield Finding("lock_water", solution.total(locked) * 3600.0 / days, "m3/d",
                      ("water of lockages a day", "日均过闸用水"))  # fmt: skip
        yield Finding("lock_loss", lost / axis.years, "MWh/a",
                      ("generation lost to the lock a year", "船闸年损失电量"),
                      ("all its water at the head of the river, spilled hours too",
                       "按天然水头计全部过闸用水，含弃水时段"))  # fmt: skip
        if self.lock.waits is None:
            return
        passed = solution.total(plant.flow_named("ships passing"))
        missed = solution.total(plant.flow_named("ships not passed"))
        waited = solution.total(plant.store_named("ships waiting"))
        made = passed / self.lock.group
        title = ("lockages a day, chambers full", "日均闸次（满闸）")
        if self.lock.whole:
            made = solution.total(plant.flow_named("lockages") / axis.hours)
            title = ("lockages a day", "日均闸次")
        yield Finding("lockages_a_day", made / days, "1/d", title)
        if passed > 0:
            yield Finding("lock_wait", waited / passed, "h",
                          ("mean wait of a ship for the lock", "船舶平均待闸时间"))  # fmt: skip
        if passed + missed > 0:
            yield Finding("ships_passed", passed / (passed + missed), "1",
                          ("ships that passed in time", "按时过闸比例"))  # fmt: skip
