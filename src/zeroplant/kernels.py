"""``njit`` for every kernel of the package: machine code is kept until any source of it changes.

numba keeps machine code on disk and makes it anew when the file of the kernel has changed. But
the code of a kernel holds that of the kernels it calls and the constants it reads, which may stand
in other files. Here the stamp of a kernel covers its file and every file of the package that the
file imports, directly or through others. Loads numba.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from pickle import loads
from typing import Any, TypeVar
from zlib import crc32

import numba
from numba.core import caching, codegen, compiler, environment, serialize
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


KNOWN = "0.68."
"""The numba whose insides the quick way of loading knows; any other one loads its own way."""


class _WithImports:
    """Before one of numba's locators of cached code: for files of this package, our stamp."""

    _py_file: str

    def get_source_stamp(self) -> str:
        return stamp(Path(self._py_file).resolve())


class _WithoutTypes:
    """Before numba's cache: loads machine code without all that numba knows about types.

    To learn that takes as long as to load all kernels of a solver, and only those who compile need
    it, who get it then. What is damaged is compiled anew, where numba would fail.
    """

    flush: Callable[[], None]
    _guard_against_spurious_io_errors: Callable[[], Any]
    _load_overload: Callable[[Any, Any], Any]

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        rtsys.initialize(target_context)  # memory for arrays
        with self._guard_against_spurious_io_errors():
            try:
                return self._load_overload(sig, target_context)
            except OSError:
                raise
            except Exception:  # a damaged pickle may raise anything
                self.flush()
        return None


class _Quickly:
    """Before numba's way to and from a file: reads nothing that running a kernel does not need."""

    _library: Any

    def reduce(self, made: Any) -> tuple[int, bytes]:
        """What is kept of a compiled kernel, with a sum over it: a damaged one must not run."""
        *rest, others = made._reduce()
        payload = (*rest, [each.__reduce__()[1] for each in others])
        kept: bytes = serialize.dumps(payload)  # type: ignore[no-untyped-call]
        return crc32(kept), kept

    def rebuild(self, target_context: Any, payload: tuple[int, bytes]) -> Any:
        """As ``CompileResult._rebuild`` of numba, with our library and environments."""
        right, kept = payload
        if crc32(kept) != right:
            message = "machine code is damaged"
            raise ValueError(message)
        code, described, own, signature, by_objects, lifted, typed, starts, others = loads(kept)
        for start in starts:
            start()
        generator = target_context.codegen()
        library = self._library._unserialize(generator, code)
        library._define(described.llvm_func_name, described.llvm_cpython_wrapper_name)
        entry = target_context.get_executable(library, described, own)
        referenced = [_environment(*each) for each in others]
        for each in referenced:
            generator.set_env(each.env_name, each)
        return compiler.compile_result(  # type: ignore[no-untyped-call]
            typing_context=target_context.typing_context,
            target_context=target_context,
            entry_point=entry,
            type_annotation=typed,
            signature=signature,
            objectmode=by_objects,
            lifted=lifted,
            fndesc=described,
            library=library,
            environment=own,
            reload_init=starts,
            referenced_envs=referenced,
        )


class _LinkedLate:
    """Before numba's library of code: what LLVM links into other kernels is read when it does so.

    To read it takes as long as all else of loading a kernel.
    """

    _codegen: Any
    _shared_module: Any
    _bitcode: bytes
    enable_object_caching: Callable[[], None]
    _set_compiled_object: Callable[[bytes], None]
    _finalize_final_module: Callable[[], None]

    @classmethod
    def _unserialize(cls, generator: Any, state: tuple[str, str, tuple[bytes, bytes]]) -> Any:
        name, _, (machine_code, bitcode) = state
        self: Any = cls(generator, name)  # type: ignore[call-arg]
        self._bitcode = bitcode
        self.enable_object_caching()
        self._set_compiled_object(machine_code)
        self._finalize_final_module()
        return self

    def _define(self, *names: str) -> None:
        """Tell numba of functions that it may ask for; of the rest it knows once it has linked."""
        self._codegen._engine._defined_symbols.update(names)

    def _get_module_for_linking(self) -> Any:
        if self._shared_module is None:
            llvm = codegen.ll  # type: ignore[attr-defined]
            self._shared_module = llvm.parse_bitcode(self._bitcode)
            self._codegen._engine._load_defined_symbols(self._shared_module)
        return self._shared_module


def _environment(module: str, constants: list[Any], name: str) -> Any:
    """As ``_rebuild_env`` of numba, which imports the module that a function stands in.

    Only code that works on Python's objects looks names up there, and kernels have none. So for
    functions of numba within a kernel it is enough to say what the module is called.
    """
    known = environment.lookup_environment(name)  # type: ignore[no-untyped-call]
    if known is not None:
        return known
    there = sys.modules.get(module)
    made = environment.Environment({"__name__": module} if there is None else vars(there))
    made.consts[:], made.env_name = constants, name
    environment.Environment._memo[name] = made
    return made


def _cache_of_kernels() -> Any:
    """Numba's cache of a function, with our stamps; None for a numba that has no such thing.

    The order of places is numba's: the folder that NUMBA_CACHE_DIR names, beside the source, the
    user's own.
    """
    places = ("UserProvidedCacheLocator", "InTreeCacheLocator", "UserWideCacheLocator")
    names = (*places, "CompileResultCacheImpl", "FunctionCache")
    found: list[Any] = [getattr(caching, name, None) for name in names]
    if None in found:
        return None
    *locators, impl, kept = found
    own: Any = type  # of two classes, of which mypy cannot see one
    stamped = [own(each.__name__, (_WithImports, each), {}) for each in locators]
    named = {"_locator_classes": stamped}
    if not numba.__version__.startswith(KNOWN):
        return own("KernelCache", (kept,), {"_impl_class": own("Impl", (impl,), named)})
    named["_library"] = own("Library", (_LinkedLate, codegen.JITCodeLibrary), {})
    quick = own("Impl", (_Quickly, impl), named)
    return own("KernelCache", (_WithoutTypes, kept), {"_impl_class": quick})


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
