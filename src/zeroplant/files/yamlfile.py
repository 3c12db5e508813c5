"""Plant files: YAML read strictly, with the line of every entry kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from zeroplant.errors import InputError, Problem
from zeroplant.files.tree import Entry, grow

LARGEST = 4 * 1024 * 1024
"""Bytes; a plant file is written by hand, so a larger one is a mistake (series have own files)."""

Loc = Sequence[str | int]


@dataclass(frozen=True)
class YamlFile:
    """A file as read: ``data`` holds plain dicts, lists and scalars."""

    path: Path
    data: Any
    root: Entry = field(repr=False)

    def line_of(self, loc: Loc) -> int:
        """Line (from 1) of the key or list element at ``loc``, or of its nearest parent."""
        entry, line = self.root, self.root.line
        for part in loc:
            child = entry.child(part)
            if child is None:
                break
            line, entry = child
        return line

    def problem(self, what: str, loc: Loc = (), *, instead: str = "") -> Problem:
        """A problem with the entry at ``loc``, placed in this file."""
        what, instead = " ".join(what.split()), " ".join(instead.split())
        place = Problem(what, where=shown(loc), instead=instead)
        return place.at(file=str(self.path), line=self.line_of(loc))


def shown(loc: Loc) -> str:
    """A place in a file as people write it: ``assets.wind.power``, ``assets[2].power``."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc]
    return " ".join("".join(parts).removeprefix(".").split())


def load_yaml(path: str | Path) -> YamlFile:
    """Read a YAML file.

    Raises InputError with every problem that can be told apart: no such file, not UTF-8, too
    large, syntax, tabs, duplicate or non-text keys, tags, aliases that grow beyond reason.
    """
    path = Path(path)
    problems: list[Problem] = []
    root = grow(read_text(path), problems)
    if root is None and not problems:
        problems = [Problem("the file is empty")]
    if problems or root is None:
        raise InputError(problem.at(file=str(path)) for problem in problems)
    return YamlFile(path, root.plain(), root)


def read_text(path: Path) -> str:
    """Text of a small UTF-8 file. Raises InputError when there is none to read."""
    content = _content(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    what = "the file is not UTF-8 text"
    raise InputError(Problem(what, instead="save it as UTF-8", file=str(path), line=line))


def _content(path: Path) -> bytes:
    what = instead = ""
    content = b""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        beside = [each.name for each in path.parent.glob("*")] if path.parent.is_dir() else []
        near = get_close_matches(path.name, beside, n=1)
        what, instead = "no such file", f"did you mean '{near[0]}'?" if near else ""
    except IsADirectoryError:
        what, instead = "this is a folder", "name the file in it, such as plant.yaml"
    except OSError as error:
        what = f"cannot be read: {(error.strerror or 'it failed').lower()}"
    if len(content) > LARGEST:
        what, instead = "the file is larger than 4 MB", "keep time series in files of their own"
    if what:
        raise InputError(Problem(what, instead=instead, file=str(path)))
    return content
