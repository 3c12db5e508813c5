"""Eight numbers side by side, as one value of compiled code.

Time is cut into pieces that look alike; the same piece of work is done for eight of them at once.
A processor has instructions for that, but compilers find them only in loops they fully
understand. Here they are said: ``load`` takes row ``i`` of an array with eight columns, ``store``
puts one there, and ``+ − · /`` work on all eight. Compiled code only (numba).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic, models, overload, register_model

LANES = 8

_VECTOR = ir.VectorType(ir.DoubleType(), LANES)


class Eight(types.Type):
    """The type of eight numbers side by side."""

    def __init__(self) -> None:
        super().__init__(name="Eight")


eight = Eight()


@register_model(Eight)
class _EightModel(models.PrimitiveModel):
    def __init__(self, manager: Any, of: Any) -> None:
        super().__init__(manager, of, _VECTOR)  # type: ignore[no-untyped-call]


def _row(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """Where row ``args[1]`` of the array ``args[0]`` begins."""
    data = context.make_array(signature.args[0])(context, builder, args[0]).data
    row = context.cast(builder, args[1], signature.args[1], types.intp)
    first = builder.mul(row, ir.Constant(row.type, LANES))
    return builder.bitcast(builder.gep(data, [first]), _VECTOR.as_pointer())


def _load(context: Any, array: Any, row: Any) -> Any:
    """Row ``row`` of an array of numbers with eight columns."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_row(context, builder, signature, args), align=8)

    return eight(array, row), code


load: Any = intrinsic(_load)


def _store(context: Any, array: Any, row: Any, value: Any) -> Any:
    """Put eight numbers into row ``row`` of an array."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> None:
        builder.store(args[2], _row(context, builder, signature, args), align=8)

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
