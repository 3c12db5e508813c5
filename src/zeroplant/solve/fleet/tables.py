"""What a fleet of stores is, as arrays: time series by table and row, and constants by device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zeroplant.axis import Floats

Table = NDArray[np.float32] | NDArray[np.float64]
Index = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Rows:
    """One time series for each device: device ``i`` has row ``row[i]`` of ``table`` (rows, T).

    A tariff or a pattern that many devices share is stored once. Float32 or float64.
    """

    table: Table
    row: Index

    def __post_init__(self) -> None:
        table = np.ascontiguousarray(self.table)
        if table.dtype != np.float32:
            table = table.astype(np.float64, copy=False)
        row = np.ascontiguousarray(self.row, dtype=np.int32)
        if not np.array_equal(row, self.row):
            message = "row indices are whole numbers"
            raise ValueError(message)
        if table.ndim != 2 or row.ndim != 1 or not table.shape[1]:
            message = f"a table has rows of steps and one row index per device, not {table.shape}"
            raise ValueError(message)
        if len(row) and (row.min() < 0 or row.max() >= len(table)):
            message = f"row indices reach outside a table of {len(table)} rows"
            raise ValueError(message)
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "row", row)

    @classmethod
    def shared(cls, series: ArrayLike, devices: int) -> Rows:
        """The same series (T,) for every device."""
        one = np.atleast_2d(np.asarray(series))
        if len(one) != 1:
            message = f"a shared series has one number per step, not {one.shape}"
            raise ValueError(message)
        return cls(one, np.zeros(devices, dtype=np.int32))

    @classmethod
    def each(cls, table: ArrayLike) -> Rows:
        """A series of its own for every device: ``table`` (N, T)."""
        table = np.asarray(table)
        return cls(table, np.arange(len(table), dtype=np.int32))

    @classmethod
    def flat(cls, values: ArrayLike, steps: int) -> Rows:
        """A constant for each device (N,); equal constants share a row."""
        found, row = np.unique(np.asarray(values), return_inverse=True)
        return cls(np.repeat(found[:, None], steps, axis=1), row.astype(np.int32))

    def __getitem__(self, devices: Any) -> Rows:
        """The series of some devices, from the same table."""
        return Rows(self.table, np.atleast_1d(self.row[devices]))


class Arrays(NamedTuple):
    """A fleet as compiled code takes it; see :attr:`Fleet.arrays`.

    tables: (buy, sell, net, curtailable, in_most, out_most, gain, low, high, inflow), (rows, T),
        all of one type, float32 or float64.
    rows: (N, 10) int32, the row of each device in each table, in this order.
    constants: (N, 7) float64: keep, give, wear_in, wear_out, start, final_value, connection.
    hours: length of a step.
    """

    tables: tuple[Table, ...]
    rows: Index
    constants: Floats
    hours: float


SERIES = (
    "buy", "sell", "net", "curtailable", "in_most", "out_most", "gain", "low", "high", "inflow",
)  # fmt: skip
CONSTANTS = ("keep", "give", "wear_in", "wear_out", "start", "final_value", "connection")


@dataclass(frozen=True, eq=False)
class Fleet:
    """N stores over T steps; each is a leaky store behind its own meter.

    In step t a device charges with power c or discharges with power d (never both), and::

        level' = keep·level + hours·(gain·c − d/give) + inflow,     low ≤ level' ≤ high
        n = net + c − d + x,   0 ≤ x ≤ curtailable,   |n| ≤ connection
        0 ≤ c ≤ in_most,   0 ≤ d ≤ out_most
        cost = hours·(buy·max(n, 0) − sell·max(−n, 0) + wear_in·c + wear_out·d)

    and at the end ``final_value`` is earned for each unit of level. Power, level and money may be
    of any units (kW, kWh or degrees, yuan), prices being per power times hour.

    Garbage (not a number, infinite or negative power, no gain, a level kept above 1 or below
    1e-6 per step) is not refused here: its device alone is flagged (BADDATA) when it is solved.
    So is one lawful case whose cost is not solved: a step that pays for drawing and for giving
    (``buy < 0 < sell``) with something to curtail behind a finite connection, where the
    connection is too tight for ``s = curtailable·buy / (sell − buy)``, the net power below which
    nothing is given up: ``−connection > s`` or ``s + curtailable > connection``.

    Attributes:
        buy: price of net power drawn at the meter, per power·hour.
        sell: price earned for net power given; usually ``sell <= buy``.
        net: power drawn behind the meter without the device, less what is generated there.
        curtailable: generation that may be given up at no cost (power).
        in_most: most charging power; zero while the store is not there.
        out_most: most discharging power.
        gain: level gained per power·hour of charging (an efficiency, or degrees per kWh).
        low: least level after each step; ``-inf`` for none.
        high: most level after each step; ``inf`` for none.
        inflow: level gained (+) or lost (−) over each step by itself.
        keep: share of the level that is still there a step later (N,), 1 for no leak.
        give: power·hours delivered per unit of level discharged (N,).
        wear_in: cost of charging, per power·hour (N,).
        wear_out: cost of discharging, per power·hour (N,).
        start: level at the start (N,).
        final_value: worth of a unit of level at the end (N,).
        connection: most power at the meter, either way (N,); ``inf`` for no limit.
        hours: length of a step in hours.
    """

    buy: Rows
    sell: Rows
    net: Rows
    curtailable: Rows
    in_most: Rows
    out_most: Rows
    gain: Rows
    low: Rows
    high: Rows
    inflow: Rows
    keep: Floats
    give: Floats
    wear_in: Floats
    wear_out: Floats
    start: Floats
    final_value: Floats
    connection: Floats
    hours: float = 1.0

    def __post_init__(self) -> None:
        devices, steps = len(self.net.row), self.net.table.shape[1]
        for name in SERIES:
            rows: Rows = getattr(self, name)
            if rows.table.shape[1] != steps or len(rows.row) != devices:
                message = (
                    f"{name} has {len(rows.row)} devices and {rows.table.shape[1]} steps,"
                    f" net has {devices} and {steps}"
                )
                raise ValueError(message)
        for name in CONSTANTS:
            given = np.asarray(getattr(self, name), dtype=np.float64)
            if given.shape not in {(), (devices,)}:
                message = f"{name} has shape {given.shape}; one number per device is ({devices},)"
                raise ValueError(message)
            object.__setattr__(self, name, np.broadcast_to(given, devices))
        if not 0 < self.hours < np.inf:
            message = f"a step has a positive length, not {self.hours}"
            raise ValueError(message)

    def __len__(self) -> int:
        """How many devices."""
        return len(self.net.row)

    @property
    def steps(self) -> int:
        """How many steps."""
        return int(self.net.table.shape[1])

    def __getitem__(self, devices: Any) -> Fleet:
        """Some of the devices (an index, a slice, a mask), from the same tables."""
        return self._mapped(lambda rows: rows[devices], lambda values: values[devices])

    def stored_as(self, dtype: Any) -> Fleet:
        """The same fleet with tables of this type; arithmetic is float64 in any case.

        Starting levels are rounded with the tables, so that a store that starts on its bound
        still does.
        """
        rounded = np.asarray(self.start).astype(dtype).astype(np.float64)
        stored = self._mapped(lambda rows: Rows(rows.table.astype(dtype), rows.row), lambda v: v)
        return replace(stored, start=rounded)

    def _mapped(
        self, change: Callable[[Rows], Rows], constants: Callable[[Floats], Floats]
    ) -> Fleet:
        found: dict[str, Any] = {name: change(getattr(self, name)) for name in SERIES}
        found |= {name: np.atleast_1d(constants(getattr(self, name))) for name in CONSTANTS}
        return replace(self, **found)

    @cached_property
    def arrays(self) -> Arrays:
        """The fleet as compiled code takes it; tables become float64 unless all are float32."""
        tables = [getattr(self, name).table for name in SERIES]
        dtype = np.float32 if all(t.dtype == np.float32 for t in tables) else np.float64
        return Arrays(
            tuple(table.astype(dtype, copy=False) for table in tables),
            np.stack([getattr(self, name).row for name in SERIES], axis=1),
            np.stack([getattr(self, name) for name in CONSTANTS], axis=1),
            float(self.hours),
        )
