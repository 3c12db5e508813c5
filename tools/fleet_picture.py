"""Draw the price staircase of a battery: docs/explanation/fleet/staircase.svg.

    python tools/fleet_picture.py

A battery of 10 kWh and 1.6 kW over two invented days, solved by `zeroplant.solve.fleet`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.fleet.schedule import schedule
from zeroplant.solve.fleet.tables import Fleet, Rows

TARGET = Path(__file__).resolve().parents[1] / "docs/explanation/fleet/staircase.svg"
STEPS, SIZE, POWER = 48, 10.0, 1.6
WIDTH, LEFT, RIGHT = 760, 64, 16
UPPER, LOWER = (28, 220), (262, 360)


def battery() -> tuple[Floats, Floats, Floats]:
    """Price, level and marginal value of what is stored, (T,) each."""
    hour = np.arange(STEPS)
    price = 0.55 + 0.30 * np.sin((hour - 13.0) * np.pi / 12.0) + 0.03 * np.sin(hour * 0.77)
    price -= 0.10 * (hour >= 24)

    def flat(value: float) -> Rows:
        return Rows.shared(np.full(STEPS, value), 1)

    rows = Rows.shared(price, 1)
    fleet = Fleet(
        buy=rows, sell=rows, net=flat(0), curtailable=flat(0), in_most=flat(POWER),
        out_most=flat(POWER), gain=flat(0.93), low=flat(0), high=flat(SIZE), inflow=flat(0),
        keep=np.ones(1), give=np.full(1, 0.93), wear_in=np.zeros(1), wear_out=np.zeros(1),
        start=np.zeros(1), final_value=np.full(1, 0.4), connection=np.full(1, np.inf),
    )  # fmt: skip
    found = schedule(fleet, outputs=("level", "value"))
    assert found.level is not None
    assert found.value is not None
    return price, found.level[0], found.value[0]


def path(values: Floats, low: float, high: float, place: tuple[int, int]) -> str:
    """Points of a line through zero at the start and the end of each step."""
    x = LEFT + (WIDTH - LEFT - RIGHT) * np.arange(STEPS + 1) / STEPS
    y = place[1] - (np.append(0.0, values) - low) / (high - low) * (place[1] - place[0])
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def line(values: Floats, low: float, high: float, place: tuple[int, int]) -> str:
    """Points of a staircase, level within each step."""
    x = LEFT + (WIDTH - LEFT - RIGHT) * np.arange(STEPS + 1) / STEPS
    y = place[1] - (values - low) / (high - low) * (place[1] - place[0])
    corners = zip(np.repeat(x, 2)[1:-1], np.repeat(y, 2), strict=True)
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)


def picture() -> str:
    """The whole file."""
    price, level, value = battery()
    high = 1.1
    found = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 392"'
        ' font-family="sans-serif" font-size="13">',
        "<title>Price, marginal value of stored energy and level of a battery</title>",
        f'<rect width="{WIDTH}" height="392" fill="white"/>',
    ]
    for top, marks, most, unit in (
        (UPPER, (0.0, 0.5, 1.0), high, "per kWh"), (LOWER, (0.0, 5.0, 10.0), SIZE, "kWh"),
    ):  # fmt: skip
        found.append(f'<text x="{LEFT}" y="{top[0] - 10}" fill="#555">{unit}</text>')
        for mark in marks:
            y = top[1] - mark / most * (top[1] - top[0])
            found += [
                f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>',
                f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#555">'
                f"{mark:g}</text>",
            ]
    scale = (WIDTH - LEFT - RIGHT) / STEPS
    for t in np.flatnonzero(np.abs(np.diff(value)) > 1e-9).tolist():
        x = LEFT + scale * (t + 1)
        found.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{UPPER[0]}" y2="{LOWER[1]}" stroke="#bbb" '
            'stroke-dasharray="3 3"/>'
        )
    for values, most, place, colour, width in (
        (price, high, UPPER, "#8a8a8a", 1.5), (value, high, UPPER, "#c0392b", 2.5),
        (level, SIZE, LOWER, "#1f6fb2", 2.0),
    ):  # fmt: skip
        points = (path if values is level else line)(values, 0.0, most, place)
        found.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
        )
    found += [
        f'<text x="{LEFT + 70}" y="18" fill="#8a8a8a">price</text>',
        f'<text x="{LEFT + 120}" y="18" fill="#c0392b">marginal value of stored energy</text>',
        f'<text x="{LEFT + 70}" y="252" fill="#1f6fb2">level</text>',
    ]
    for day in range(0, STEPS + 1, 12):
        x = LEFT + scale * day
        found.append(
            f'<text x="{x:.1f}" y="380" text-anchor="middle" fill="#555">{day % 24}:00</text>'
        )
    return "\n".join([*found, "</svg>", ""])


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(picture(), encoding="utf-8")
    print(TARGET.name)
