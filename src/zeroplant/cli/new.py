"""``zeroplant new``: scaffold one of the examples."""

from __future__ import annotations

import shutil
import tempfile
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from zeroplant.cli.common import JsonFile, check_places, write_json
from zeroplant.errors import InputError, Problem, suggestion


def new(
    template: Annotated[str, typer.Argument(help="Name of an example, such as county-base.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
    json: JsonFile = None,
) -> None:
    """Make a plant of your own from an example.

    The example is copied into a new folder; change it from there.
    """
    source = _examples() / template
    names = sorted(path.name for path in _examples().iterdir() if (path / "plant.yaml").is_file())
    if template not in names:
        what = f"there is no template '{template}'"
        raise InputError(Problem(what, instead=suggestion(template, names)))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(Problem(f"'{folder}' exists already", instead="name a new folder"))
    check_places(json=json, folder=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Copied beside its place and renamed, so that nothing half-written is ever there.
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        copy = Path(scratch) / "copy"
        shutil.copytree(source, copy)
        if folder.exists():
            folder.rmdir()
        copy.rename(folder)
    write_json(json, {"status": "done", "template": template, "folder": str(folder)})
    if json != "-":
        typer.echo(f"{folder}: a copy of {template}. Next: zeroplant plan {folder} --out report")


def _examples() -> Path:
    """Examples inside the installed package, or beside a checkout's ``src``."""
    package = Path(str(resources.files("zeroplant")))
    shipped = package / "examples"
    return shipped if shipped.is_dir() else package.parents[1] / "examples"
