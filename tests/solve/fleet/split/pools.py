"""Random pools of devices as they stand."""

from __future__ import annotations

import numpy as np

from zeroplant.solve.fleet.split import Kinds, Pool


def pool(devices: int, seed: int, *, hours: float = 0.25, dtype: type = np.float64) -> Pool:
    """Devices of four kinds; some full, empty, without power or without a store."""
    draw = np.random.default_rng(seed)
    kinds = Kinds(
        fill=np.array([0.95, 0.9, 3.0, 1.0]), drain=np.array([1.05, 1.2, 1.0, 1.0]),
        fall=np.array([0.5, 5.0, np.inf, 1.0]), rise=np.array([0.5, 2.0, np.inf, 1.0]),
        lock=np.array([0, 2, 3, 4], dtype=np.int32),
    )  # fmt: skip
    size = draw.integers(0, 10, devices) * 1.0
    share = draw.choice([0.0, 0.02, 0.5, 0.98, 1.0, 1.3], devices)
    columns = {
        "coast": size * share, "lowest": 0.1 * size, "highest": size,
        "least": -draw.integers(0, 4, devices) * 1.0, "most": draw.integers(0, 4, devices) * 1.0,
        "before": draw.uniform(-3, 3, devices),
    }  # fmt: skip
    kind = draw.integers(0, 4, devices).astype(np.int32)
    return Pool(kinds, hours, kind, **{k: v.astype(dtype) for k, v in columns.items()})
