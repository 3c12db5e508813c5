"""The project's examples, by name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from zeroplant.plant import Plant, build, load_plant
from zeroplant.waist import Network


def example(name: str, changes: Mapping[str, str] | None = None) -> Plant:
    """An example's plant file; inside the installed package, or beside a checkout's ``src``."""
    package = Path(str(resources.files("zeroplant")))
    shipped = package / "examples"
    folder = shipped if shipped.is_dir() else package.parents[1] / "examples"
    return load_plant(folder / name, changes=dict(changes or {}))


def example_network(name: str, changes: Mapping[str, str] | None = None) -> Network:
    """An example's network."""
    return build(example(name, changes)).network
