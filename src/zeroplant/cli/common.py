"""What commands share: their common options, and how they write results."""

from __future__ import annotations

import functools
import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from zeroplant.errors import InputError, Problem

PlantPath = Annotated[
    Path, typer.Argument(metavar="PLANT", help="Plant file, or a folder with a plant.yaml.")
]
JsonFile = Annotated[
    str | None,
    typer.Option("--json", metavar="FILE", help="Write the result there as JSON; - for stdout."),
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Replace an entry of the plant file for this run; may be given several times. Keys "
        "are joined by dots, list entries numbered from 0: assets.wind.power='50 MW', "
        "rules.0.export_max='15 %'. The value is written as in the file; null takes the entry out.",
    ),
]


def changes_of(given: list[str] | None) -> dict[str, str]:
    """``KEY=VALUE`` options as a mapping; InputError for one without '=' or given twice."""
    changes: dict[str, str] = {}
    problems = []
    for text in given or []:
        key, equals, value = text.partition("=")
        if not (key and equals):
            instead = "write KEY=VALUE, such as assets.wind.power='50 MW'"
            problems.append(Problem("no KEY=VALUE", where=f"--set {text}", instead=instead))
        elif key in changes:
            what = "the same entry is set twice"
            problems.append(Problem(what, where=f"--set {key}", instead="keep one of them"))
        changes[key] = value
    if problems:
        raise InputError(problems)
    return changes


def write_json(file: str | None, data: Any) -> None:
    """Write plain data where ``--json`` says; numbers that do not exist become null."""
    if file is None:
        return
    text = json.dumps(_plain(data), ensure_ascii=False, indent=2, allow_nan=False)
    if file == "-":
        typer.echo(text)
        return
    from zeroplant.files import write_atomic

    write_atomic(Path(file), text + "\n")


def invalid(problems: Sequence[Problem]) -> dict[str, Any]:
    """Named problems as the result of a command."""
    said = [vars(problem) | {"text": str(problem)} for problem in problems]
    return {"status": "invalid", "problems": said}


def answered(command: Callable[..., None]) -> Callable[..., None]:
    """A command that answers ``--json -`` also where the input has problems.

    They are on stderr as ever. A file is not written then: it would replace an older result.
    """

    @functools.wraps(command)
    def answering(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except InputError as error:
            if options.get("json") == "-":
                write_json("-", invalid(error.problems))
            raise

    return answering


def check_places(*, json: str | None = None, folder: Path | None = None) -> None:
    """Raise InputError where a result could not be written, before the work for it is begun."""
    wanted = [] if json in (None, "-") else [(Path(str(json)), False)]
    wanted += [] if folder is None else [(folder, True)]
    problems = []
    for path, is_folder in wanted:
        reason = _obstacle(path, is_folder)
        if reason:
            instead = "name another place"
            problems.append(Problem(f"cannot write {path}: {reason}", instead=instead))
    if problems:
        raise InputError(problems)


def _obstacle(path: Path, is_folder: bool) -> str:
    """What stands in the way of writing a file or folder; empty if nothing does."""
    if path.exists() and path.is_dir() != is_folder:
        return "a file stands there" if is_folder else "a folder stands there"
    there = path if path.exists() and is_folder else path.parent
    while not there.exists():
        there = there.parent
    if not there.is_dir():
        return f"{there} is a file, not a folder"
    return "" if os.access(there, os.W_OK | os.X_OK) else f"{there} may not be written to"


@contextmanager
def steps(title: str) -> Iterator[Callable[[str], None]]:
    """A bar that names each step of a long command and its time so far.

    It shows on stderr, and only if that is a terminal.
    """
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[title]}"),
        BarColumn(bar_width=24),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", title=title, total=None)
        yield lambda name: progress.update(task, description=name)


def _plain(data: Any) -> Any:
    """Data as JSON knows it."""
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(value) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return None
    if hasattr(data, "tolist"):  # numpy's arrays and numbers
        return _plain(data.tolist())
    return data


@contextmanager
def peer() -> Iterator[None]:
    """Work that needs PyPSA, which is not installed with zeroplant; InputError where it is not.

    Its notices are kept from the terminal.
    """
    from zeroplant.export.quiet import quiet

    try:
        with quiet():
            yield
    except ModuleNotFoundError as error:
        what = f"'{error.name}' is not installed"
        instead = "install it with: pip install 'zeroplant[pypsa]'"
        raise InputError(Problem(what, instead=instead)) from None
