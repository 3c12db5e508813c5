"""Random small plants of the first set of assets, with an answer whatever was drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from tests.assets.small import axis
from zeroplant.assets import Asset
from zeroplant.assets.battery import Battery
from zeroplant.assets.demand import Demand, Interruptible, Shiftable
from zeroplant.assets.grid import Grid
from zeroplant.assets.line import Line
from zeroplant.assets.solar import Solar
from zeroplant.assets.wind import Wind
from zeroplant.axis import Axis, Floats
from zeroplant.units import SizeRange

NODES = ("park", "hill")


@dataclass(frozen=True)
class Drawn:
    """A plant at the nodes "park" and "hill"."""

    time: Axis
    assets: dict[str, Asset]
    carbon_price: float


class Maker:
    """Draws assets; hypothesis chooses what there is, a seeded generator the numbers."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        weights = draw(st.sampled_from([(1.0,), (0.5, 0.5), (0.25, 0.75)]))
        hours = draw(st.sampled_from([1.0, 0.5, 2.0]))
        self.time = axis(draw(st.integers(3, 30)), hours, start="2025-01-31", weights=weights)

    def some(self) -> bool:
        """Whether a feature is in this plant."""
        return self.draw(st.booleans())

    def series(self, low: float, high: float) -> Floats:
        """Uniform noise, one value per stage."""
        return self.random.uniform(low, high, self.time.stages)

    def number(self, low: float, high: float) -> float:
        """One number."""
        return float(self.random.uniform(low, high))

    def capacity(self, most: float) -> float | SizeRange:
        """A capacity that is given, chosen, or chosen in steps."""
        kind = self.draw(st.sampled_from(["given", "free", "steps"]))
        if kind == "given":
            return most / 2
        return SizeRange(most / 10, most, most / 10 if kind == "steps" else None)

    def demand(self) -> Demand:
        """A load, perhaps with some that may wait or be dropped."""
        shift = Shiftable(share=self.number(0, 1), within=self.number(0.5, 8), price=5.0)
        drop = Interruptible(share=self.number(0, 1), price=self.number(1, 900), hours=400.0)
        return Demand(
            kind="demand",
            at=self.draw(st.sampled_from(NODES)),
            load=self.series(0, 10),
            price=self.series(100, 600) if self.some() else None,
            shiftable=shift if self.some() else None,
            interruptible=drop if self.some() else None,
        )

    def grid(self) -> Grid:
        """A connection with some of the charges there are; every price is positive."""
        price = self.series(100, 800)
        demand = self.number(1e3, 4e4) if self.some() else 0.0
        return Grid(
            kind="grid",
            at="park",
            connection=self.capacity(20.0),
            import_price=price,
            green_premium=5.0 if self.some() else None,
            export_price=price - self.number(1, 90) if self.some() else None,
            export_limit=6.0 if self.some() else None,
            demand_charge=demand,
            capacity_charge=0.0 if demand else self.number(0, 3e4),
            emission_factor=self.series(0.2, 0.9),
            capex=1e5,
        )

    def battery(self) -> Battery:
        """A battery of any kind."""
        by_hours = self.some()
        return Battery(
            kind="battery",
            at="hill",
            power=self.capacity(8.0),
            hours=self.number(1, 4) if by_hours else None,
            energy=None if by_hours else self.capacity(20.0),
            soc_start=self.draw(st.sampled_from([None, 0.05, 0.5])),
            cycle_life=6000.0 if self.some() else None,
            wear=self.draw(st.sampled_from([0.0, 50.0])),
            calendar_fade=0.018,
            capex=self.number(1e5, 8e5),
            capacity_payment="cn-hebei-capacity-price" if self.some() else None,
        )

    def plant(self) -> Drawn:
        """Everything together."""
        words = {"upkeep": 4e4, "life": 20.0}
        assets: dict[str, Asset] = {"works": self.demand(), "grid": self.grid()}
        assets["cable"] = Line(**{"kind": "line", "from": "park", "to": "hill",
                                  "power": self.capacity(20.0),
                                  "losses": 0.03, "running": 1.0})  # fmt: skip
        if self.some():
            assets["wind"] = Wind(kind="wind", at="hill", power=self.capacity(30.0), capex=5e6,
                                  availability=self.series(0, 1), running=3.0, **words)  # fmt: skip
        if self.some():
            assets["sun"] = Solar(kind="solar", at="park", power=self.capacity(20.0), capex=3e6,
                                  availability=self.series(0, 0.9), **words)  # fmt: skip
        if self.some():
            assets["store"] = self.battery()
        return Drawn(self.time, assets, self.draw(st.sampled_from([0.0, 80.0])))


@st.composite
def plants(draw: st.DrawFn) -> Drawn:
    """A random plant."""
    return Maker(draw).plant()
