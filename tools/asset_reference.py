"""Write docs/reference/assets/ from the fields of every asset kind: a page each, and their list.

What a field is called, takes, stands at and means is said once, in its class. Run this after
changing one: ``python tools/asset_reference.py``; a test sees to it that nobody forgets.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference" / "assets"
sys.path.insert(0, str(ROOT / "src"))

from zeroplant.assets import Asset, kinds  # noqa: E402
from zeroplant.assets.base import Refers  # noqa: E402
from zeroplant.series import Profile, ProfileOf  # noqa: E402
from zeroplant.units import Capacity, Quantity, SizeRange  # noqa: E402
from zeroplant.units.carried import OfCarrier  # noqa: E402

HEAD = """# Assets

Every kind of asset a plant file may name, with a page of its parameters. These pages are written
from the program's own fields by `tools/asset_reference.py`.

A quantity carries its unit, and any unit that converts will do: `50 MW`, `4800 CNY/kW`, `88 %`.
Money is shown in CNY and is that of the plant. A *size* is a quantity that stands, or a range in
which the plan chooses: `{min: 10 MW, max: 400 MW, step: 5 MW}`, each of the three optional. A
*series* is a quantity, a file, a table by time of use, or generated; see
[your own series](../../how-to/own-series.md).

| kind | | what it is |
|---|---|---|
"""


def pages() -> dict[str, str]:
    """Every page by its file name."""
    listed = "".join(f"| [`{name}`]({name}.md) | {' · '.join(kind.title)} | {_first(kind)} |\n"
                     for name, kind in kinds().items())  # fmt: skip
    return {"index.md": HEAD + listed} | {
        f"{name}.md": section(name, kind) for name, kind in kinds().items()
    }


def section(name: str, kind: type[Asset]) -> str:
    """One kind: its titles, what it is, and a table of its parameters."""
    english, chinese = kind.title
    table = ["| parameter | takes | default | meaning |", "|---|---|---|---|", *rows(kind)]
    return "\n".join(
        [f"# {english} · {chinese}", "", f"`kind: {name}`", "", _text(kind), "", *table, ""]
    )


def _text(kind: type[Asset]) -> str:
    return inspect.cleandoc(kind.__doc__ or "").replace("``", "`")


def _first(kind: type[Asset]) -> str:
    """The first sentence of its description, on one line."""
    paragraph = _text(kind).partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
    return paragraph.partition(". ")[0].rstrip(".")


def rows(model: type[BaseModel], inside: str = "") -> Iterator[str]:
    """A row for each field, what is the kind's own first, parts below their whole."""
    own = [key for key in model.__annotations__ if key in model.model_fields]
    for key in [*own, *(key for key in model.model_fields if key not in own)]:
        field = model.model_fields[key]
        if key == "kind":
            continue
        name = f"{inside}{field.alias or key}"
        cells = (f"`{name}`", takes(field), default(field), field.description or "")
        yield (
            "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
        )
        for part in models(field.annotation):
            yield from rows(part, f"{name}.")


def takes(field: FieldInfo) -> str:
    """What may be written there."""
    found: list[str] = []
    for mark in [*field.metadata, *marks(field.annotation)]:
        if isinstance(mark, Refers):
            carried = f" of {' or '.join(mark.carriers)}" if mark.carriers else ""
            found.append(f"name of a {mark.to}{carried}")
        elif isinstance(mark, Capacity):
            found.append(f"size in {unit(mark.unit)}")
        elif isinstance(mark, ProfileOf):
            found.append(f"series in {unit(mark.unit)}")
        elif isinstance(mark, Quantity):
            found.append(unit(mark.unit))
        elif isinstance(mark, OfCarrier):
            size = "size, " if mark.sized else ""
            found.append(f"{size}{mark.called}: {', '.join(mark.examples)}")
    return " or ".join(dict.fromkeys([*found, *plain(field.annotation, known=bool(found))]))


def plain(annotation: Any, *, known: bool) -> Iterator[str]:
    """Forms that have no unit: choices, flags, texts, mappings."""
    for part in parts(annotation):
        if get_origin(part) is Literal:
            yield ", ".join(f"`{choice}`" for choice in get_args(part))
        elif part is bool:
            yield "`true`, `false`"
        elif get_origin(part) in (list, tuple, dict):
            yield _many(part)
        elif isinstance(part, type) and issubclass(part, BaseModel):
            yield "mapping"
        elif part in (int, str, float) and not known:
            yield {int: "whole number", str: "text", float: "number"}[part]


def _many(annotation: Any) -> str:
    """A list or a mapping, by what its members are."""
    member = get_args(annotation)[-1] if get_args(annotation) else Any
    if models(member):
        what = "mappings"
    elif get_origin(member) in (list, tuple):
        what = "points"
    else:
        what = {str: "names", int: "whole numbers"}.get(member, "values")
    return f"{what} by name" if get_origin(annotation) is dict else f"list of {what}"


def models(annotation: Any) -> list[type[BaseModel]]:
    """The sections an annotation holds, by themselves or as members of a list or a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) is Literal:
        return []
    return [found for part in get_args(annotation) for found in models(part)]


def parts(annotation: Any) -> list[Any]:
    """The alternatives of ``A | B | None``, without the last."""
    if get_origin(annotation) in (Literal, list, tuple, dict):
        return [annotation]
    inner = [part for part in get_args(annotation) if part is not NoneType]
    if hasattr(annotation, "__metadata__"):
        return parts(annotation.__origin__)
    return [each for part in inner for each in parts(part)] if inner else [annotation]


def marks(annotation: Any) -> Iterator[Any]:
    """Marks inside an annotation, such as those of ``Power | None``."""
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from marks(part)


def unit(inside: str) -> str:
    """A unit as the reader writes it."""
    if inside == "1":
        return "a number, or %"
    return inside.replace("money", "CNY").replace("degC", "°C")


def default(field: FieldInfo) -> str:
    """What holds if it is left out."""
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if value is None:
        return "—"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, Enum):
        return f"`{value.value}`"
    if isinstance(value, Profile):
        return f"`{value.plain()}`"
    if isinstance(value, SizeRange):
        free = value == SizeRange()
        return "free to choose" if free else f"`{value}`"
    return f"{value:g}" if isinstance(value, (int, float)) else f"`{value}`"


def write() -> None:
    """Write every page, and take away those of kinds that are no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, page in wanted.items():
        (FOLDER / name).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write()
    print(f"written: {FOLDER.relative_to(ROOT)}")
