"""Ten places in a ring with chords, each with wind, sun, a battery and a load; all sizes free."""

from __future__ import annotations

from collections.abc import Callable

from zeroplant.axis import Axis, Floats
from zeroplant.bench.plants import START
from zeroplant.synthetic.load import industrial_park
from zeroplant.waist import Network, Node, Size
from zeroplant.waist.money import annuity
from zeroplant.weather.climate import climate
from zeroplant.weather.generator import generated_site
from zeroplant.weather.solar import solar_availability
from zeroplant.weather.wind import wind_availability

PLACES = 10
CHORDS = ((0, 5), (1, 4), (2, 7), (3, 8), (6, 9))
RATE = 0.06
# Names, money per MW (or MWh) built, life in years; CNY, as in the county base example.
PRICES = {
    "wind": (4.8e6, 25.0),
    "sun": (2.8e6, 25.0),
    "power": (2.5e5, 15.0),
    "energy": (6.0e5, 15.0),
}


def nodes10(periods: int = 8760) -> Network:
    """The network over the first hours of a generated year, always the same.

    Neighbouring places share fronts and have clouds and gusts of their own. A line carries 40 MW
    either way and loses 3 %. What is not served costs 5,000 CNY/MWh; what is not wanted is
    curtailed. Costs of sizes are those of so many hours.
    """
    axis = Axis(START, periods, zone="Asia/Shanghai")
    net = Network(axis)
    weather = climate("qingshuihe")
    places = [net.node(f"place {k}") for k in range(PLACES)]
    for k, place in enumerate(places):
        site = generated_site(weather, axis, 1, place=k)
        wind = wind_availability(site, hub_height=90.0 + 5.0 * (k % 5))
        sun = solar_availability(site, tilt=20.0 + 3.0 * (k % 7), azimuth=160.0 + 5.0 * k)
        _place(net, place, wind, sun, industrial_park(axis, k, mean=30.0 + 10.0 * k))
    ring = [(k, (k + 1) % PLACES) for k in range(PLACES)]
    for one, other in (*ring, *CHORDS):
        for near, far in ((one, other), (other, one)):
            give, name = {places[far]: 0.97}, f"line {near} to {far}"
            net.flow(name, take=places[near], give=give, cap=40.0, role="transfer")
    return net


def _place(net: Network, place: Node, wind: Floats, sun: Floats, load: Floats) -> None:
    """Everything that stands at one place."""
    size = _sized(net, place)
    net.flow(f"{place.name} wind", give=place, cap=wind * size("wind"), role="generation")
    net.flow(f"{place.name} sun", give=place, cap=sun * size("sun"), role="generation")
    power, energy = size("power"), size("energy")
    charge = net.flow(f"{place.name} charge", take=place, cap=power)
    discharge = net.flow(f"{place.name} discharge", give=place, cap=power, cost=5.0)
    level = f"{place.name} level"
    net.store(level, fill={charge: 0.94}, drain={discharge: 1 / 0.94}, cap=energy)
    net.flow(f"{place.name} load", take=place, fixed=load, role="load")
    net.flow(f"{place.name} unserved", give=place, cost=5000.0, role="unserved")


def _sized(net: Network, place: Node) -> Callable[[str], Size]:
    def size(kind: str) -> Size:
        built, life = PRICES[kind]
        found = net.size(f"{place.name} {kind}", unit="MWh" if kind == "energy" else "MW")
        yearly = annuity(RATE, life) * built * net.axis.years
        net.line(place.name, f"annuity of {kind}", found, yearly, kind="investment")
        return found

    return size
