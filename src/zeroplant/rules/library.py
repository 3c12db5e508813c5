"""The rule packs that ship with the package, and packs of the user's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import ValidationError

from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.files import load_yaml, problems_of
from zeroplant.rules.pack import Pack

FOLDER = Path(__file__).parent / "packs"


def read(path: Path) -> Pack:
    """A pack from a YAML file; InputError with every problem, each with its line."""
    file = load_yaml(path)
    try:
        return Pack.model_validate(file.data)
    except ValidationError as error:
        raise InputError(problems_of(error, file, model=Pack)) from None


@cache
def _shipped() -> dict[str, Path]:
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


@cache
def _shipped_pack(name: str) -> Pack:
    pack = read(_shipped()[name])
    if pack.name != name:
        raise InputError(Problem(f"the pack in {name}.yaml calls itself {pack.name}"))
    return pack


def packs() -> list[Pack]:
    """All packs that ship with the package, by name."""
    return [_shipped_pack(name) for name in _shipped()]


def load(name: str | Path) -> Pack:
    """A shipped pack by its name, or a pack of your own by the path of its ``.yaml`` file.

    Raises InputError naming the packs there are, or every problem of the file.
    """
    if isinstance(name, Path) or name.endswith((".yaml", ".yml")):
        return read(Path(name))
    if name not in _shipped():
        instead = suggestion(name, _shipped())
        problem = Problem(f"there is no rule pack '{name}'", instead=instead)
        raise InputError(problem)
    return _shipped_pack(name)
