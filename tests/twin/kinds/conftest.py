"""Small plants for the tests of finer physics, run by the twin itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from zeroplant.operate.standing import stand
from zeroplant.plant import load_plant
from zeroplant.twin.plant import Twin

HEAD = """\
zeroplant: 1
name: test bench
time: {start: 2025-01-01, zone: Asia/Shanghai, step: 1 h, periods: 96}
"""

Bench = Callable[..., Twin]


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A twin of a plant of a few lines, for a day; ``step`` seconds."""

    def made(plant: str, *, step: float = 60.0, seed: int = 1) -> Twin:
        file = Path(tmp_path_factory.mktemp("bench")) / "plant.yaml"
        file.write_text(HEAD + plant, encoding="utf-8")
        loaded = load_plant(file)
        standing = stand(loaded, start=loaded.axis.start, days=1, horizon=0)
        return Twin(standing, step=step, seed=seed)

    return made


def tell(twin: Twin, wishes: Mapping[str, float], hours: float = 24.0) -> None:
    """Set points by name for some hours."""
    until = twin.clock.now() + timedelta(hours=hours)
    twin.write(twin.places(list(wishes)), np.array(list(wishes.values())), until)
