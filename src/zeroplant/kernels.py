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
from numba.core.runtime.nrt import rtsys
from numba.extending import register_jitable

__all__ = ["callee", "njit", "stamp"]

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


USED = ("_guard_against_spurious_io_errors", "_load_overload")
"""What numba's cache must have for us to stand before it."""


class _WithImports:
    """Before one of numba's locators of cached code: for files of this package, our stamp."""

    _py_file: str

    def get_source_stamp(self) -> str:
        return stamp(Path(self._py_file).resolve())


class _WithoutTypes:
    """Before numba's cache: loads machine code without all that numba knows about types.

    To learn that takes as long as to load all kernels of a solver, and only those who compile need
    it, who get it then.
    """

    _guard_against_spurious_io_errors: Callable[[], Any]
    _load_overload: Callable[[Any, Any], Any]

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        rtsys.initialize(target_context)  # memory for arrays
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


def _cache_of_kernels() -> Any:
    """Numba's cache of a function, with our stamps; None for a numba that has no such thing.

    The order of places is numba's: the folder that NUMBA_CACHE_DIR names, beside the source, the
    user's own.
    """
    places = ("UserProvidedCacheLocator", "InTreeCacheLocator", "UserWideCacheLocator")
    names = (*places, "CompileResultCacheImpl", "FunctionCache")
    found: list[Any] = [getattr(caching, name, None) for name in names]
    *locators, impl, kept = found
    if None in found or not all(hasattr(kept, name) for name in USED):
        return None
    own: Any = type  # of two classes, of which mypy cannot see one
    stamped = [own(each.__name__, (_WithImports, each), {}) for each in locators]
    own_impl = own("Impl", (impl,), {"_locator_classes": stamped})
    return own("KernelCache", (_WithoutTypes, kept), {"_impl_class": own_impl})


_CACHE = _cache_of_kernels()


def njit(*, cache: bool = False, **options: Any) -> Callable[[F], F]:
    """As ``numba.njit``; code is cached only where its stamp covers all of its sources."""
    compiled: Any = numba.njit  # noqa: TID251

    def decorate(function: F) -> Any:
        # Without what would let C call it, which nobody does.
        kernel = compiled(no_cfunc_wrapper=True, **options)(function)
        if cache and _CACHE is not None:
            kernel._cache = _CACHE(function)
        return kernel

    return decorate


def callee(**options: Any) -> Callable[[F], F]:
    """For functions that only kernels call: compiled with each of these, and not kept apart.

    What would take their arguments from Python is a third of the work of compiling them. Called
    from Python they run as they are written.
    """
    decorate: Callable[[F], F] = register_jitable(no_cfunc_wrapper=True, **options)
    return decorate
