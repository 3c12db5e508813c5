"""Yearly bills of metered homes: no control, a rule, ours without foresight, perfect foresight.

`python benchmarks/home_bills.py [--data FOLDER] [--days N]` prints JSON. Seventeen homes with
photovoltaics and a battery (CityLearn 2022, Fontana, measured), their time-of-use tariff, a fifth
of it for what they feed in; and twenty-five homes with air-conditioning (Travis County, modelled),
at the same tariff, of which only the cooling is steered. See README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from zeroplant.axis import Floats, Ints
from zeroplant.homes.ahead import best_change, past_days, power_of, value_of_level
from zeroplant.homes.fit import fit_room, windows
from zeroplant.homes.room import performance
from zeroplant.solve.fleet.schedule import schedule
from zeroplant.solve.fleet.tables import Fleet, Rows

HOURS = 8760
FEED_IN = 0.2
"""Price of what is fed in, as a share of the tariff (assumed; the data have none)."""
ENERGY, POWER, ONE_WAY = 6.4, 5.0, 0.87**0.5
"""Battery: kWh, kW (the data's own scenario) and efficiency each way (assumed)."""
STORED = 0.2
"""What a kWh is worth at the end of a horizon: about the low tariff, USD."""
PAST, AHEAD, LEVELS = 10, 30, 97
WANTED = 0.15
"""Most that may be missed of the possible saving."""
COP, SEASON = 3.0, (5, 9)
"""Of cooling at 35 °C outdoors, falling 2 % per K (assumed); months that are steered."""
BANDS = (1.0, 2.0)
"""Kelvin about the set point while somebody is in, and while nobody is (assumed)."""


def batteries(net: Floats, price: Rows, start: Floats, worth: float) -> Fleet:
    """Batteries behind meters with these net loads (devices, steps) [kW]."""
    devices, steps = net.shape

    def flat(value: float) -> Rows:
        return Rows.shared(np.full(steps, value), devices)

    return Fleet(
        buy=price, sell=Rows(FEED_IN * price.table, price.row), net=Rows.each(net),
        curtailable=flat(0.0), in_most=flat(POWER), out_most=flat(POWER), gain=flat(ONE_WAY),
        low=flat(0.0), high=flat(ENERGY), inflow=flat(0.0), keep=np.ones(devices),
        give=np.full(devices, ONE_WAY), wear_in=np.zeros(devices), wear_out=np.zeros(devices),
        start=start, final_value=np.full(devices, worth), connection=np.full(devices, np.inf),
    )  # fmt: skip


def bills(power: Floats, price: Floats) -> Floats:
    """USD of each home (homes,)."""
    return np.asarray(np.maximum(power, 0) @ price - FEED_IN * np.maximum(-power, 0) @ price)


def evening_rule(net: Floats) -> Floats:
    """Charge from what is left of the sun, give from 16 to 24 h; power (homes, hours)."""
    level, power = np.zeros(len(net)), net.copy()
    for now in range(net.shape[1]):
        need = net[:, now]
        charge = np.minimum(np.clip(-need, 0, POWER), (ENERGY - level) / ONE_WAY)
        evening = now % 24 >= 16 or now % 24 == 0
        give = np.minimum(np.clip(need, 0, POWER), level * ONE_WAY) * evening
        level = level + charge * ONE_WAY - give / ONE_WAY
        power[:, now] = need + charge - give
    return power


def rolling(net: Floats, price: Floats, past: int, *, measured: bool) -> Floats:
    """Ours: power (homes, hours). ``measured``: the inverter sees its meter in the hour itself.

    Otherwise its set point for the hour is settled before it, and what the meter then shows is
    what the past days did not tell.
    """
    homes, hours = net.shape
    level, power = np.zeros(homes), np.empty_like(net)
    levels = np.broadcast_to(np.linspace(0.0, ENERGY, LEVELS), (homes, LEVELS))
    tariff = np.concatenate([price, price])
    for now in range(hours):
        known = now if measured else max(now - 1, 0)
        skip = now - known
        place = past_days(known, AHEAD + skip, past)
        days = net[:, place]
        devices = homes * len(place)
        ahead = batteries(
            days[:, :, skip:].reshape(devices, AHEAD),
            Rows.shared(tariff[now + 1 : now + 1 + AHEAD], devices), np.zeros(devices), STORED,
        )  # fmt: skip
        value = value_of_level(ahead, len(place), levels)
        expected = net[:, now] if measured else np.median(days[:, :, 0], axis=1)
        here = Rows.shared(price[now : now + 1], homes)
        change = best_change(batteries(expected[:, None], here, level, 0.0), levels, value)
        power[:, now] = power_of(batteries(net[:, now : now + 1], here, level, 0.0), change)
        level = level + change
    return power


def solar_homes(folder: Path, hours: int) -> tuple[Floats, Floats]:
    """Net loads [kW] of the 17 homes, (homes, hours), and the tariff [USD/kWh]."""
    table = pl.read_parquet(folder / "homes17_2016_17_hourly.parquet").sort("home", "hour_index")
    price = pl.read_parquet(folder / "homes17_env_hourly.parquet")["tou_usd_per_kwh"]
    load, made = (
        table[name].cast(pl.Float64).to_numpy().reshape(-1, HOURS) for name in ("load_kw", "pv_kw")
    )
    return (load - made)[:, :hours], price.cast(pl.Float64).to_numpy()[:hours]


def milp_bill(net: Floats, price: Floats) -> float:
    """Least bill of one home by HiGHS, charging and discharging excluding each other."""
    import highspy

    steps = len(net)
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("mip_rel_gap", 1e-9)
    charge = [model.addVariable(0, POWER) for _ in range(steps)]
    give = [model.addVariable(0, POWER) for _ in range(steps)]
    level = [model.addVariable(0, ENERGY) for _ in range(steps)]
    buy = [model.addVariable(0, np.inf, price[t]) for t in range(steps)]
    sell = [model.addVariable(0, np.inf, -FEED_IN * price[t]) for t in range(steps)]
    mode = [model.addBinary() for _ in range(steps)]
    for t in range(steps):
        before = level[t - 1] if t else 0.0
        model.addConstr(level[t] - before - ONE_WAY * charge[t] + give[t] * (1 / ONE_WAY) == 0)
        model.addConstr(buy[t] - sell[t] - charge[t] + give[t] == float(net[t]))
        model.addConstr(charge[t] - POWER * mode[t] <= 0)
        model.addConstr(give[t] + POWER * mode[t] <= POWER)
    model.run()
    return float(model.getInfo().objective_function_value)


def compare(idle: Floats, rule: Floats, ours: dict[str, Floats], best: Floats) -> dict[str, Any]:
    """Sums, and what each misses of the possible saving."""
    possible = float((idle - best).sum())
    found: dict[str, Any] = {
        "homes": len(idle), "no control": idle.sum(), "perfect foresight": best.sum(),
    }  # fmt: skip
    for name, bill in {"rule": rule, **ours}.items():
        found[name] = bill.sum()
        found[f"{name}: regret"] = float((bill - best).sum()) / possible
        worst = (bill - best) / np.maximum(idle - best, 1e-9)
        found[f"{name}: regret of homes, least, median, most"] = [
            float(np.quantile(worst, q)) for q in (0.0, 0.5, 1.0)
        ]
    return found


def with_batteries(folder: Path, hours: int, milp: int) -> dict[str, Any]:
    """The 17 homes; ``milp`` of them are checked by HiGHS."""
    net, price = solar_homes(folder, hours)
    homes = len(net)
    whole = batteries(net, Rows.shared(price, homes), np.zeros(homes), 0.0)
    answer = schedule(whole)
    begin = time.process_time()
    schedule(whole)
    seconds = (time.process_time() - begin) / homes
    begin = time.process_time()
    ours = {
        "ours, inverter follows its meter": bills(rolling(net, price, PAST, measured=True), price),
        "ours, set before the hour": bills(rolling(net, price, PAST, measured=False), price),
        "ours, yesterday only, follows its meter": bills(
            rolling(net, price, 1, measured=True), price
        ),
    }
    found = compare(bills(net, price), bills(evening_rule(net), price), ours, answer.cost)
    found["seconds for a home-year with foresight"] = seconds
    found["seconds for a home-hour of ours"] = (time.process_time() - begin) / homes / hours / 3
    which = np.linspace(0, homes - 1, milp).astype(np.int64)
    checks = [abs(milp_bill(net[i], price) / answer.cost[i] - 1) for i in which]
    found[f"against HiGHS MILP, {milp} homes: most relative"] = max(checks, default=0.0)
    found["holds"] = bool(
        found["ours, inverter follows its meter: regret"] <= WANTED
        and max(checks, default=0) < 1e-6
    )
    return found


class Cooled:
    """The 25 homes, arrays (homes, hours): what cooling takes by itself and what may be moved."""

    def __init__(self, folder: Path, hours: int) -> None:
        table = pl.read_parquet(folder / "homes25_ac_austin_2018_hourly.parquet").sort(
            "home", "hour_index"
        )
        weather = pl.read_parquet(folder / "homes25_ac_weather.parquet")
        air = weather["temp_c"].cast(pl.Float64).to_numpy()
        sun = (weather["dhi_wm2"] + weather["dni_wm2"]).cast(pl.Float64).to_numpy() / 1000

        def column(name: str) -> Floats:
            return table[name].cast(pl.Float64).to_numpy().reshape(-1, HOURS)

        indoor, target = column("t_in_c"), column("cool_set_c")
        cold = column("cooling_thermal_kwh")
        month = column("month")
        season = (month >= SEASON[0]) & (month <= SEASON[1])
        days = np.flatnonzero(season[0])
        rooms = [
            fit_room(windows(t[days], air[days], -c[days], sun[days]))
            for t, c in zip(indoor, cold, strict=True)
        ]
        self.keep = np.array([np.exp(-1 / (r.resistance * r.capacity)) for r in rooms])
        cop = performance(COP, air)
        self.alone = (cold / cop)[:, :hours]
        self.base = column("base_load_kwh")[:, :hours]
        resistance = np.array([r.resistance for r in rooms])
        self.grip = ((1 - self.keep) * resistance)[:, None] * cop[:hours]
        self.rated = self.alone.max(axis=1)
        self.days = days[days < hours]
        band = np.where(column("occupants") > 0, *BANDS)
        off = indoor - target
        self.low = -np.maximum(band - off, 0.0)[:, :hours]
        self.high = np.maximum(band + off, 0.0)[:, :hours]
        self.error = [r.error for r in rooms]

    def fleet(self, homes: Ints, place: Ints, price: Rows, start: Floats) -> Fleet:
        """Devices of ``homes`` (devices,) that see these hours, ``place`` (devices, steps)."""
        rows = homes[:, None]
        grip, alone = self.grip[rows, place], self.alone[rows, place]
        devices, steps = place.shape
        still = Rows.shared(np.zeros(steps), devices)
        rated = np.repeat(self.rated[homes][:, None], steps, axis=1)
        zero = np.zeros(devices)
        return Fleet(
            buy=price, sell=price, net=still, curtailable=still, in_most=Rows.each(rated),
            out_most=still, gain=Rows.each(grip), low=Rows.each(self.low[rows, place]),
            high=Rows.each(self.high[rows, place]), inflow=Rows.each(-grip * alone),
            keep=self.keep[homes], give=zero + 1.0, wear_in=zero, wear_out=zero, start=start,
            final_value=zero, connection=zero + np.inf,
        )  # fmt: skip


def cooling_rule(homes: Cooled, price: Floats) -> tuple[Floats, Floats]:
    """Colder by half of what is allowed in the three hours before the peak, warmer in it."""
    days, count = homes.days, len(homes.keep)
    peak = price > np.median(price)
    soon = np.any([np.roll(peak, -k) for k in (1, 2, 3)], axis=0) & ~peak
    level, power = np.zeros(count), np.empty((count, len(days)))
    for place, now in enumerate(days):
        grip, alone = homes.grip[:, now], homes.alone[:, now]
        goal = homes.low[:, now] if peak[now] else 0.5 * homes.high[:, now] * soon[now]
        wanted = alone + (goal - homes.keep * level) / grip
        power[:, place] = np.clip(wanted, 0.0, homes.rated)
        level = homes.keep * level + grip * (power[:, place] - alone)
    return power, np.zeros(count)


def cooling_ahead(homes: Cooled, price: Floats, past: int) -> tuple[Floats, Floats]:
    """Ours: power (homes, hours of the season) and kelvin-hours beyond the band (homes,)."""
    days, count = homes.days, len(homes.keep)
    everyone = np.arange(count)
    tariff = np.concatenate([price, price])
    level, power, beyond = np.zeros(count), np.empty((count, len(days))), np.zeros(count)
    levels = np.broadcast_to(np.linspace(-2.5, 4.0, LEVELS), (count, LEVELS))
    for place, now in enumerate(days):
        seen = past_days(int(now), AHEAD, past)
        who = np.repeat(everyone, len(seen))
        prices = Rows.shared(tariff[now + 1 : now + 1 + AHEAD], len(who))
        ahead = homes.fleet(who, np.tile(seen, (count, 1)), prices, np.zeros(len(who)))
        value = value_of_level(ahead, len(seen), levels)
        here = np.full((count, 1), now)
        step = homes.fleet(everyone, here, Rows.shared(price[now : now + 1], count), level)
        change = best_change(step, levels, value)
        power[:, place] = power_of(step, change)
        level = homes.keep * level - homes.grip[:, now] * homes.alone[:, now] + change
        low, high = homes.low[:, now], homes.high[:, now]
        beyond += np.maximum(np.maximum(low - level, level - high), 0.0)
    return power, beyond


def with_cooling(folder: Path, hours: int) -> dict[str, Any]:
    """The 25 homes; bills of the season's cooling, and of all they take in the year."""
    price = solar_homes(folder, HOURS)[1]
    homes = Cooled(folder, hours)
    days, everyone = homes.days, np.arange(len(homes.keep))
    alone = homes.alone[:, days]
    place = np.tile(days, (len(everyone), 1))
    start = np.zeros(len(everyone))
    whole = homes.fleet(everyone, place, Rows.shared(price[days], len(everyone)), start)
    answer = schedule(whole)
    simple, _ = cooling_rule(homes, price)
    ours, beyond = cooling_ahead(homes, price, PAST)
    now = price[days]
    found = compare(alone @ now, simple @ now, {"ours": ours @ now}, answer.cost)
    found["all other use, USD"] = float((homes.base @ price[:hours]).sum())
    found["hours steered"] = len(days)
    found["beyond the band, K h in a room: mean, most"] = [beyond.mean(), beyond.max()]
    found["holds"] = bool(found["ours: regret"] <= WANTED)
    found["fit of rooms, K: median"] = float(np.median(homes.error))
    return found


def main() -> None:
    """Print all bills."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--data", default=os.environ.get("ZEROPLANT_SHARED_DATA"))
    options.add_argument("--days", type=int, default=365)
    options.add_argument("--milp", type=int, default=3, help="homes that HiGHS checks")
    given = options.parse_args()
    if not given.data:
        options.error("say where the data are: --data FOLDER or ZEROPLANT_SHARED_DATA")
    folder, hours = Path(given.data) / "homes_pv_battery_citylearn", 24 * given.days
    found = {
        "17 homes with photovoltaics and battery": with_batteries(folder, hours, given.milp),
        "25 homes with air-conditioning": with_cooling(folder, hours),
    }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
