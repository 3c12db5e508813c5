"""By-product: what one firm leaves over and another can use, instead of buying and dumping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.assets.base import Asset, NodeName
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.by_product_findings import findings_of
from zeroplant.assets.parts.carrier import Carrier, by_other_kinds
from zeroplant.errors import InputError, Problem
from zeroplant.series import RateProfile
from zeroplant.units import Quantity
from zeroplant.units.amount import Amount
from zeroplant.units.carried import (
    CarriedCapacity,
    CarriedCost,
    CarriedFlow,
    CarriedPrice,
)
from zeroplant.waist import Node, Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

Quality = Annotated[float, Quantity("1", gt=0)]
Ratio = Annotated[float, Quantity("1", gt=0, le=2)]
"""Steel scrap saves 1.6 times its weight of mineral, slag less than its own of clinker; beyond 2 is
a slip of the pen."""
OWN = ("made", "disposed", "stored", "reclaimed", "level")
"""Names of the by-product's own flows, beside which uses are named."""
CountsAs = Literal["solid waste", "water", "material"]


class Use(BaseModel):
    """One way to use a by-product: at a node of the plant, or by a taker outside."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: NodeName | None = Field(
        None, description="node it is put into, where it takes the place of a purchase"
    )
    replaces: Ratio = Field(
        1.0,
        description="amount it saves at the node for each amount used: 0.9 where a tenth is lost; "
        "up to 2 where it is richer than what was bought, water up to 1",
    )
    price: CarriedPrice = Field(Amount(0.0), description="paid by a taker outside the plant")
    transport: CarriedCost = Field(Amount(0.0), description="cost of bringing it there")
    treatment: CarriedCost = Field(Amount(0.0), description="cost of making it fit for this use")
    most: CarriedFlow | None = Field(None, description="most that can be used at a time; no limit")
    shape: RateProfile | None = Field(None, description="'most' over time, as a multiple of itself")
    accepts: Quality | None = Field(
        None, description="greatest 'quality' this use bears without treatment; any if left out"
    )


class ByProduct(Asset):
    """Slag, ash, gypsum, off-gas, brine, waste water: a stream that is used, stored or disposed of.

    It arises as ``made`` over time, or arrives ``at`` a node where a process leaves it. Each use
    saves its disposal and what the use would have bought, less transport and treatment: the plan
    chooses among them (domain page, section 2f). What nobody uses is disposed of, so no plant
    fails because of it. Cascades: water that has been used once may be the by-product of that
    use, at a node of its own; ``quality`` (salt, COD … in any one unit) and what each use
    ``accepts`` say which step may follow which without treatment.
    """

    title: ClassVar = ("By-product", "副产物循环利用")
    chinese: ClassVar[Mapping[str, str]] = {
        "made": "产量",
        "shape": "时间曲线",
        "counts_as": "统计类别",
        "quality": "水质（污染物浓度）",
        "uses": "利用去向",
        "uses.at": "利用节点",
        "uses.replaces": "替代系数",
        "uses.price": "外售单价",
        "uses.transport": "运输单价",
        "uses.treatment": "处理单价",
        "uses.most": "利用流量上限",
        "uses.shape": "利用时间曲线",
        "uses.accepts": "可接受水质",
        "disposal": "处置单价",
        "heap": "堆存容量",
        "stream": "副产物母线",
        "disposed": "处置量",
        "stored": "堆存",
        "reclaimed": "取用",
        "disposal cost": "处置费",
        "transport and treatment": "运输与处理费",
        "by-product sold": "副产物外售",
        "solid waste": "固体废物",
        "material": "物料",
    }
    kind: Literal["by_product"]
    at: NodeName | None = Field(
        None, description="node where a process leaves it; or give made, or both"
    )
    made: CarriedFlow | None = Field(None, description="how much of it arises, on average")
    shape: RateProfile | None = Field(
        None, description="'made' over time, as a multiple of itself; 1 if left out"
    )
    counts_as: CountsAs = Field(
        "solid waste", description="solid waste (indicator 3 of document 910), water (5), material"
    )
    quality: Quality | None = Field(
        None, description="what limits its use, such as mg/L of salt, in the unit of 'accepts'"
    )
    uses: dict[str, Use] = Field(min_length=1, description="the ways to use it, by name")
    disposal: CarriedCost = Field(description="cost of disposing of what is not used")
    heap: CarriedCapacity | None = Field(None, description="heap or basin it may wait in")

    @model_validator(mode="after")
    def _consistent(self) -> ByProduct:
        if self.at is None and self.made is None:
            message = "give 'made', how much of it arises, or 'at', the node where it arrives"
            raise ValueError(message)
        for name, use in self.uses.items():
            if name in OWN or "." in name:
                what = f"uses: a use cannot be called '{name}'"
                raise ValueError(Problem(what, instead="name it after who takes it"))
            bears = use.accepts is None or self.quality is None or self.quality <= use.accepts
            if not bears and not use.treatment.value:
                what = f"uses.{name}: it accepts {use.accepts:g}, and the stream has {self.quality}"
                instead = "give 'treatment', what it costs to make it fit, or leave the use out"
                raise ValueError(Problem(what, instead=instead))
            if use.at is None and use.shape is None and use.most is None and not use.price.value:
                what = f"uses.{name}: nothing is said of who takes it"
                raise ValueError(Problem(what, instead="give 'at', 'price' or 'most'"))
            if self.counts_as == "water" and use.replaces > 1:
                what = f"uses.{name}: a m3 of water does not replace {use.replaces:g} m3"
                raise ValueError(Problem(what, instead="write 'replaces' of 1 or less"))
            if use.shape is not None and use.most is None:
                what = f"uses.{name}: 'shape' needs 'most', which it multiplies"
                raise ValueError(Problem(what, instead="give 'most' too"))
        return self

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Electricity is no by-product; uses name nodes that are there."""
        yield from by_other_kinds(cls, assets, carriers, "used", "name the node of a material")

    def prepare(self, plant: Scope) -> None:
        """Declare the stream's own node where no process gives it one."""
        if self.at is None:
            water = self.counts_as == "water"
            plant.own_node("stream", carrier="water" if water else self.counts_as,
                           unit="m3/s" if water else "t/h")  # fmt: skip

    def describe(self, plant: Scope, site: Site | None) -> None:
        """What arises is used, disposed of, or waits."""
        stream = Carrier(plant.node(self.at or f"{plant.who}.stream"))
        if self.made is not None:
            shape = 1.0 if self.shape is None else self.shape.on(plant.axis)
            made = stream.of("made", "flow", self.made) * shape
            plant.flow("made", give=stream.node, fixed=made, unit=stream.node.unit)
        for name, use in self.uses.items():
            self._use(plant, stream, name, use)
        disposed = plant.flow(
            "disposed", take=stream.node, unit=stream.node.unit, tags=self._tags("disposed")
        )
        price = stream.of("disposal", "price", self.disposal)
        plant.line("disposal cost", disposed * stream.hourly, price, unit=stream.amount,
                   to="disposal")  # fmt: skip
        if self.heap is not None:
            self._wait(plant, stream)

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """How much goes round, and what that saves."""
        stream = Carrier(plant.node(self.at or f"{plant.who}.stream"))
        price = stream.of("disposal", "price", self.disposal)
        return findings_of(plant, solution, stream, self.uses, counts_as=self.counts_as,
                           price=price)  # fmt: skip

    def _use(self, plant: Scope, stream: Carrier, name: str, use: Use) -> None:
        """One use: from the stream to its node, with what it costs and earns."""
        field = f"uses.{name}"
        cap = float("inf") if use.most is None else stream.of(f"{field}.most", "flow", use.most)
        give: dict[Node, float] = {}
        if use.at is not None:
            there = plant.node(use.at)
            give = {there: use.replaces * _ratio(stream.node, there, field)}
        used = plant.flow(
            name,
            take=stream.node,
            give=give,
            cap=cap if use.shape is None else cap * use.shape.on(plant.axis),
            unit=stream.node.unit,
            tags=self._tags("used"),
        )
        amount = used * stream.hourly
        cost = stream.of(f"{field}.transport", "price", use.transport)
        cost += stream.of(f"{field}.treatment", "price", use.treatment)
        if cost:
            plant.line("transport and treatment", amount, cost, unit=stream.amount)
        price = stream.of(f"{field}.price", "price", use.price)
        if price:
            plant.line("by-product sold", amount, price, unit=stream.amount, kind="revenue",
                       to="taker")  # fmt: skip

    def _wait(self, plant: Scope, stream: Carrier) -> None:
        """A heap that takes and gives; what is on it at the start is there at the end."""
        assert self.heap is not None
        given = stream.of("heap", "amount", self.heap)
        capacity = plant.capacity("heap", given, unit=stream.amount)
        words = {"unit": stream.node.unit}
        stored = plant.flow("stored", take=stream.node, role="charge", **words)
        reclaimed = plant.flow("reclaimed", give=stream.node, role="discharge", **words)
        plant.store(
            "level",
            fill={stored: stream.hourly},
            drain={reclaimed: stream.hourly},
            cap=capacity,
            unit=stream.amount,
        )

    def _tags(self, way: str) -> set[str]:
        """What rules know the flow by: waste that arises, or water that is used again."""
        if self.counts_as == "water":
            return {"by-product", *(("water use", "reused") if way == "used" else ())}
        return {"by-product", self.counts_as, *(("reused",) if way == "used" else ())}


def _ratio(stream: Node, there: Node, field: str) -> float:
    """What one unit of the stream is in the unit of another node; a m3 of water is a tonne."""
    tonnes = {"t/h": 1.0, "kg/h": 1e-3}
    if stream.unit == there.unit:
        return 1.0
    if "water" in (stream.carrier, there.carrier):
        tonnes["m3/s"] = 3600.0
    if stream.unit in tonnes and there.unit in tonnes:
        return tonnes[stream.unit] / tonnes[there.unit]
    what = f"{field}: the stream is counted in {stream.unit}, the node '{there.name}' in"
    raise InputError(Problem(f"{what} {there.unit}", instead="name a node that counts the same"))
