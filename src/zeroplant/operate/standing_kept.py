"""The days a plant stands on, kept beside its records: a controller that begins anew is in haste.

To work out the network of a few days loads the weather and all that is made of it, a third of what
a start takes. So it is kept, and read as long as it is of the same plant, days and program.
"""

from __future__ import annotations

import io
import logging
import pickle
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from zeroplant.axis import Floats
from zeroplant.errors import InputError
from zeroplant.files import write_atomic
from zeroplant.kernels import stamp
from zeroplant.operate import standing as program
from zeroplant.operate.standing import Standing, on_span, stand
from zeroplant.operate.year import Year, fingerprint
from zeroplant.plant import Plant
from zeroplant.waist import Network

NAME = "standing.bin"
"""The file of a folder that keeps its days: a mark, and what stands behind it, as a pickle."""
MARK = 32
"""Bytes of the mark."""
OURS = ("zeroplant.waist.", "zeroplant.axis")
"""Where the classes of a network are."""
OTHERS = frozenset(
    {
        ("datetime", "datetime"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("numpy", "dtype"),
        ("numpy._core.numeric", "_frombuffer"),
        ("zoneinfo", "ZoneInfo._unpickle"),
    }
)
"""What else one holds: a file in a folder must not be able to run anything else."""

Kept = tuple[
    Mapping[str, float], Network, Mapping[str, Floats], Mapping[str, Floats], Mapping[str, float]
]
log = logging.getLogger(__name__)


def stand_again(plant: Plant, *, start: datetime, days: int, year: Year, folder: Path) -> Standing:
    """As `stand` does, or as it was kept in the folder. Raises InputError as `stand` does."""
    mark = _mark(plant, start, days, year)
    kept = _read(folder / NAME, mark)
    if kept is not None:
        there = on_span(plant, start, periods=kept[1].axis.periods)
        return Standing(there, *kept, year)
    made = stand(plant, start=start, days=days, year=year)
    of_days = (made.sizes, made.network, made.worth, made.rule_prices, made.levels)
    try:
        write_atomic(folder / NAME, mark + pickle.dumps(of_days, protocol=5))
    except InputError as error:  # a full disk, say: the next start takes a little longer
        log.warning("the days are not kept: %s", error)
    return made


def _mark(plant: Plant, start: datetime, days: int, year: Year) -> bytes:
    """Tells plant, its files, days, the year's answer and the program from any other."""
    known = fingerprint(plant, year.sizes), stamp(Path(program.__file__))
    said = (*known, sorted(_files(plant.model_dump(), plant.folder)), start, days, year)
    return sha256(repr(said).encode()).digest()


def _files(said: object, folder: Path) -> Iterator[tuple[str, int, int]]:
    """Name, size and time of every file that a plant names."""
    if isinstance(said, Mapping):
        said = list(said.values())
    if isinstance(said, list | tuple):
        for each in said:
            yield from _files(each, folder)
    elif isinstance(said, str) and 0 < len(said) < 256 and (folder / said).is_file():
        state = (folder / said).stat()
        yield said, state.st_size, state.st_mtime_ns


def _read(path: Path, mark: bytes) -> Kept | None:
    """What is kept, if it is of this mark."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if content[:MARK] != mark:
        return None
    try:
        kept: Kept = _Reader(io.BytesIO(content[MARK:])).load()
    except Exception:  # of a damaged file anything can be raised; it is made anew
        log.warning("%s cannot be read and is made anew", path, exc_info=True)
        return None
    return kept


class _Reader(pickle.Unpickler):
    """Reads networks, and nothing that could do harm."""

    def find_class(self, module: str, name: str) -> Any:
        """A class of the waist, or what its arrays and times are made of."""
        if (module, name) in OTHERS:
            return super().find_class(module, name)
        if module.startswith(OURS):
            found = super().find_class(module, name)
            # A name may lead on into what a module of ours has imported.
            if isinstance(found, type) and found.__module__.startswith(OURS):
                return found
        message = f"{module}.{name} is no part of a network"
        raise pickle.UnpicklingError(message)
