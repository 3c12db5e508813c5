"""``njit`` for every kernel of the package: machine code is kept until any source of it changes.

numba keeps machine code on disk and makes it anew when the file of the kernel has changed. But
the code of a kernel holds that of the kernels it calls and the constants it reads, which may stand
in other files. Here the stamp of a kernel covers its file and every file of the package that the
file imports, directly or through others. Loads numba.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import caching

__all__ = ["njit", "stamp"]

F = TypeVar("F", bound=Callable[..., Any])

ROOT = Path(__file__).resolve().parent
_IMPORT = re.compile(
    rf"^[ \t]*(?:from|import)[ \t]+({ROOT.name}(?:\.\w+)*)(?:[ \t]+import[ \t]*(\([^)]*\)|.*))?",
    re.MULTILINE,
)


@cache
def _source(path: Path) -> bytes:
    return path.read_bytes()


@cache
def _imported(path: Path) -> frozenset[Path]:
    """The package's files that a file names in its imports."""
    found: set[Path] = set()
    for module, names in _IMPORT.findall(_source(path).decode()):
        place = ROOT.joinpath(*module.split(".")[1:])
        for each in (place, *(place / name for name in re.findall(r"\w+", names))):
            found.update(file for file in (each.with_suffix(".py"), each / "__init__.py")
                         if file.is_file())  # fmt: skip
    return frozenset(found)


@cache
def stamp(path: Path) -> str:
    """Digest of a source file of the package and of all it imports there, however indirectly."""
    seen, todo = {path}, [path]
    while todo:
        new = _imported(todo.pop()) - seen
        seen |= new
        todo.extend(new)
    digest = hashlib.sha256()
    for line in sorted(map(_line, seen)):
        digest.update(line)
    return digest.hexdigest()


@cache
def _line(path: Path) -> bytes:
    """A file's place in the package and the digest of its source."""
    return (
        f"{path.relative_to(ROOT).as_posix()}\0".encode() + hashlib.sha256(_source(path)).digest()
    )


class _WithImports:
    """Before one of numba's locators of cached code: for files of this package, our stamp."""

    _py_file: str

    def get_source_stamp(self) -> str:
        return stamp(Path(self._py_file).resolve())

    @classmethod
    def from_function(cls, function: object, file: str) -> object:
        path = Path(file).resolve()
        if not (path.is_file() and path.is_relative_to(ROOT)):
            return None
        return super().from_function(function, file)  # type: ignore[misc]


def _installed() -> bool:
    """Put our locators before numba's; False for a numba that has none where they are looked for.

    The order is numba's: the folder that NUMBA_CACHE_DIR names, beside the source, the user's own.
    """
    try:
        names = ("UserProvidedCacheLocator", "InTreeCacheLocator", "UserWideCacheLocator")
        found: list[Any] = [getattr(caching, name) for name in names]
        known = caching.CacheImpl._locator_classes
    except AttributeError:
        return False
    own: Any = type  # of two classes, of which mypy cannot see one
    known[:0] = [own(f"{each.__name__}WithImports", (_WithImports, each), {}) for each in found]
    return True


_STAMPED = _installed()


def njit(*, cache: bool = False, **options: Any) -> Callable[[F], F]:
    """As ``numba.njit``; code is cached only where its stamp covers all of its sources."""
    kept = cache and _STAMPED
    decorate: Callable[[F], F] = numba.njit(cache=kept, **options)  # noqa: TID251
    return decorate
