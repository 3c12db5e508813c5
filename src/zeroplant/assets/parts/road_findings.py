"""What a road says of itself: kilometres, energy, tonne-kilometres, exhaust avoided, arrivals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from zeroplant.assets.findings import Finding
from zeroplant.axis import HOURS_PER_YEAR, Axis
from zeroplant.transport.stream import Driven
from zeroplant.transport.truck import DIESEL_CARBON

ABOUT_CARBON = (
    "what the same trucks would emit with diesel engines; the emissions of the electricity they "
    "take stand in the plant's own account",
    "相同车辆用柴油机行驶的排放；所用电力的排放计入电厂自身账户",
)
ABOUT_RESERVE = (
    "in the cold, without a station near enough; they arrive below their reserve",
    "低温下下一站过远，到站时低于保留荷电状态",
)
ABOUT_ENERGY = (
    "out of the packs, net of what is recovered downhill",
    "电池包净放电量（已扣除下坡回收）",
)


def findings_of(
    driven: Sequence[Driven], trucks: Mapping[str, float], axis: Axis
) -> Iterator[Finding]:
    """Findings of streams that were driven; ``trucks`` that came to each station in all."""
    if not driven:
        return
    tours = [(each, each.stream.path.tour) for each in driven]
    metres = sum(each.total(tour.length) for each, tour in tours)
    tunnels = sum(each.total(tour.tunnels) for each, tour in tours)
    haulage = sum(each.total(tour.haulage) for each, tour in tours)
    litres = sum(each.total(tour.litres) for each, tour in tours)
    energy = sum(each.total(each.swaps.consumed) for each in driven)
    number = sum(each.total(1.0) for each in driven)
    short = sum(each.total(each.swaps.short.astype(float)) for each in driven)
    years = axis.years
    yield Finding(
        "truck_km", metres / 1e3 / years, "km/a", ("Driven by electric trucks", "电动重卡行驶里程")
    )
    if tunnels:
        yield Finding("tunnel_km", tunnels / 1e3 / years, "km/a", ("… in tunnels", "其中隧道里程"))
    if metres:
        title = ("Energy per kilometre", "单位里程电耗")
        yield Finding("consumption", 1e6 * energy / metres, "kWh/km", title, ABOUT_ENERGY)
    title = ("Hauled by electric trucks", "电动重卡货运周转量")
    yield Finding("haulage", haulage / 1e3 / years, "t·km/a", title)
    title = ("Diesel exhaust avoided", "避免的柴油车排放")
    avoided = litres * DIESEL_CARBON / years
    yield Finding("diesel_avoided", avoided, "tCO2/a", title, ABOUT_CARBON)
    if number and short:
        title = ("Tours that break their reserve", "突破保留电量的车次占比")
        yield Finding("below_reserve", short / number, "1", title, ABOUT_RESERVE)
    for station, count in trucks.items():
        title = (f"Trucks a day to {station}", f"{station} 日均换电车次")
        per_day = count * 24.0 / (years * HOURS_PER_YEAR)
        yield Finding("_".join(["trucks_to", *station.split()]), per_day, "1/d", title)
