"""Eight numbers side by side, as one value of compiled code.

Time is cut into pieces that look alike; the same piece of work is done for eight of them at once.
A processor has instructions for that, but compilers find them only in loops they fully
understand. Here they are said: ``load`` takes row ``i`` of an array with eight columns, ``store``
puts one there, and ``+ − · /`` work on all eight. Compiled code only (numba).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic, models, overload, register_model
from numpy.typing import NDArray

from zeroplant.axis import Floats

Shorts = NDArray[np.float32]
F = TypeVar("F", np.float32, np.float64)

LANES = 8

_VECTOR = ir.VectorType(ir.DoubleType(), LANES)
# Arrays may hold numbers of half the length, which are lengthened when they are loaded.
_SHORT = ir.VectorType(ir.FloatType(), LANES)


def blank(*shape: int) -> Floats:
    """An array of zeros whose rows of eight each lie within one line of the processor's cache.

    A row across two lines takes twice as long to load.
    """
    return _aligned(np.zeros(math.prod(shape) + LANES)).reshape(shape)


def short(length: int) -> Shorts:
    """A vector of zeros of half the length each, likewise: seven digits, at half the memory."""
    return _aligned(np.zeros(length + 2 * LANES, dtype=np.float32))


def _aligned(room: NDArray[F]) -> NDArray[F]:
    """The array from the first line of the cache on, without what was room for that."""
    per_line = 64 // room.itemsize
    first = -(room.ctypes.data // room.itemsize) % per_line
    return room[first : len(room) - per_line + first]


class Eight(types.Type):
    """The type of eight numbers side by side."""

    def __init__(self) -> None:
        super().__init__(name="Eight")


eight = Eight()


@register_model(Eight)
class _EightModel(models.PrimitiveModel):
    def __init__(self, manager: Any, of: Any) -> None:
        super().__init__(manager, of, _VECTOR)  # type: ignore[no-untyped-call]


def _row(context: Any, builder: Any, array: Any, place: tuple[Any, Any], values: Any) -> Any:
    """Where row ``values[1]`` of the array ``values[0]`` begins."""
    data = context.make_array(array)(context, builder, values[0]).data
    row = context.cast(builder, values[1], place[1], types.intp)
    first = builder.mul(row, ir.Constant(row.type, LANES))
    vector = _SHORT if array.dtype == types.float32 else _VECTOR
    return builder.bitcast(builder.gep(data, [first]), vector.as_pointer())


def _load(context: Any, array: Any, row: Any) -> Any:
    """Row ``row`` of an array of numbers with eight columns."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        where = _row(context, builder, array, signature.args, args)
        found = builder.load(where, align=array.dtype.bitwidth // 8)
        return builder.fpext(found, _VECTOR) if array.dtype == types.float32 else found

    return eight(array, row), code


load: Any = intrinsic(_load)


def _store(context: Any, array: Any, row: Any, value: Any) -> Any:
    """Put eight numbers into row ``row`` of an array."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> None:
        where, value = _row(context, builder, array, signature.args, args[:2]), args[2]
        if array.dtype == types.float32:
            value = builder.fptrunc(value, _SHORT)
        builder.store(value, where, align=array.dtype.bitwidth // 8)

    return types.void(array, row, eight), code


store: Any = intrinsic(_store)


def _alike(context: Any, value: Any) -> Any:
    """Eight times the same number."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        result = ir.Constant(_VECTOR, ir.Undefined)
        for lane in range(LANES):
            result = builder.insert_element(result, args[0], ir.Constant(ir.IntType(32), lane))
        return result

    return eight(types.float64), code


alike: Any = intrinsic(_alike)


def _where_above(context: Any, one: Any, other: Any, yes: Any, no: Any) -> Any:
    """``yes`` in the lanes where ``one > other``, ``no`` elsewhere."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", args[0], args[1]), args[2], args[3])

    return eight(eight, eight, eight, eight), code


where_above: Any = intrinsic(_where_above)


def _both_eight(one: Any, other: Any) -> bool:
    return isinstance(one, Eight) and isinstance(other, Eight)


def _define(symbol: Callable[[Any, Any], Any], instruction: str) -> None:
    """Let an operator of Python stand for an instruction of the processor."""

    @intrinsic
    def compute(context: Any, one: Any, other: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            # "contract" allows a·b + c in one instruction, rounded once.
            return getattr(builder, instruction)(args[0], args[1], flags=("contract",))

        return eight(eight, eight), code

    @overload(symbol)
    def choose(one, other):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        if _both_eight(one, other):
            return lambda one, other: compute(one, other)  # type: ignore[call-arg]  # noqa: PLW0108
        return None


_define(operator.add, "fadd")
_define(operator.sub, "fsub")
_define(operator.mul, "fmul")
_define(operator.truediv, "fdiv")
