"""Weather, sun and wind of a year, as a ratio to reading that year back from a file."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from zeroplant.axis import Axis, Chain
from zeroplant.weather.climate import climate
from zeroplant.weather.generator import generate, generated_site
from zeroplant.weather.solar import solar_availability
from zeroplant.weather.sun import sun
from zeroplant.weather.wind import wind_availability


def best(work: Callable[[], object], repeats: int = 5) -> float:
    """Seconds of the fastest of several runs."""
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def main() -> None:
    """Print seconds and ratios."""
    table, start = climate("ningbo"), datetime(2025, 1, 1, tzinfo=UTC)
    axis = Axis(start, 8760)
    many = Axis(start, 8760, chains=tuple(Chain(f"{k}", 1 / 40) for k in range(40)))

    def site_year() -> None:
        sun.cache_clear()
        site = generated_site(table, axis, 1)
        solar_availability(site, tilt=20)
        wind_availability(site, hub_height=100)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "year.parquet")
        weather = generate(table, axis, 1)
        names = ("ghi", "dni", "dhi", "temp_air", "wind_speed", "pressure")
        pl.DataFrame({name: getattr(weather, name) for name in names}).write_parquet(path)
        read = best(lambda: pl.read_parquet(path))
    site_year()
    for name, seconds in (
        ("a site-year of weather, sun and wind", best(site_year)),
        ("forty years of weather", best(lambda: generate(table, many, 1))),
    ):
        print(f"{name}: {1000 * seconds:.0f} ms, {seconds / read:.1f} x reading a year's file")


if __name__ == "__main__":
    main()
