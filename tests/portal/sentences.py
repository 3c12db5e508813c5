"""What a module can say is wrong, read from its source: every sentence, `{}` where it has a gap."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import product

Block = ast.FunctionDef | ast.Module
GAP = "{}"


class Module:
    """The source of a module, and the sentences of the errors of these names in it.

    A name that is given is followed to what was assigned to it, to what a loop over written-out
    pairs gives it, and to what callers in the same module hand over for it. What cannot be
    followed, as a sentence of another error that is handed on, is left out.
    """

    def __init__(self, source: str, raised: Sequence[str]) -> None:
        self.tree = ast.parse(source)
        self.raised = raised
        self.nodes = list(ast.walk(self.tree))
        self.functions = [node for node in self.nodes if isinstance(node, ast.FunctionDef)]
        self.calls = [node for node in self.nodes if isinstance(node, ast.Call)]

    def sentences(self) -> set[str]:
        """Of what is wrong and of what to write instead; where it stands is no sentence."""
        return {
            text.strip()
            for node in self.calls
            if _called(node) in self.raised
            for given in _said(node)
            for text in self._texts(given, self._around(node), ())
            if text and text.replace(GAP, "").strip(" :")
        }

    def _around(self, node: ast.AST) -> list[Block]:
        """The functions that a node stands in, the innermost first, and the module."""
        line = getattr(node, "lineno", 0)
        inside = [each for each in self.functions if each.lineno <= line <= (each.end_lineno or 0)]
        return [*sorted(inside, key=lambda each: -each.lineno), self.tree]

    def _texts(
        self, node: ast.expr, around: Sequence[Block], seen: tuple[str, ...]
    ) -> list[str | None]:
        """What an expression may read; None for what cannot be told."""
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=values):
                parts = [self._texts(each, around, seen) for each in values]
                return ["".join(each or "" for each in found) for found in product(*parts)]
            case ast.FormattedValue(value=value):
                found = self._texts(value, around, seen)
                if not any(" " in (text or "").strip() for text in found):
                    return [GAP]  # a word or a number: only what is a sentence is followed
                return [GAP if text is None else text for text in found]
            case ast.IfExp(body=one, orelse=other) | ast.BoolOp(values=[one, other]):
                return [text for part in (one, other) for text in self._texts(part, around, seen)]
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                pairs = product(self._texts(left, around, seen), self._texts(right, around, seen))
                return [(one or GAP) + (other or GAP) for one, other in pairs]
            case ast.Name(id=name) if name not in seen:
                return self._named(name, around, (*seen, name))
        return [None]

    def _named(self, name: str, around: Sequence[Block], seen: tuple[str, ...]) -> list[str | None]:
        """What a name may read, where it is bound nearest."""
        for place, block in enumerate(around):
            found = self._bound(name, block)
            if found:
                return [text for each in found for text in self._texts(each, around[place:], seen)]
            if isinstance(block, ast.FunctionDef):
                taken = [each.arg for each in block.args.args]
                if name in taken or name in [each.arg for each in block.args.kwonlyargs]:
                    return self._handed(name, block, taken, seen)
        return [None]

    def _bound(self, name: str, block: Block) -> list[ast.expr]:
        """What is assigned to a name in a function, or at the top of the module."""
        nodes = ast.walk(block) if isinstance(block, ast.FunctionDef) else iter(block.body)
        found: list[ast.expr] = []
        for node in sorted(nodes, key=lambda each: getattr(each, "lineno", 0)):
            match node:
                case ast.AugAssign(target=ast.Name(id=added), value=value) if added == name:
                    found[-1:] = [ast.BinOp(each, ast.Add(), value) for each in found[-1:]]
                case ast.For() | ast.comprehension():
                    members = self._members(node.iter) if name in _names(node.target) else []
                    found += [one for each in members for one in _given(name, node.target, each)]
                case _:
                    found += _assigned(name, node)
        return found

    def _members(self, over: ast.expr) -> list[ast.expr]:
        """What is gone through, where that is written out."""
        match over:
            case ast.Tuple(elts=members) | ast.List(elts=members):
                return members
            case ast.Call(
                func=ast.Attribute(attr="items", value=ast.Dict(keys=keys, values=values))
            ):
                return [
                    ast.Tuple([key, each]) for key, each in zip(keys, values, strict=True) if key
                ]
            case ast.Name(id=name):
                given = [each for node in self.nodes for each in _assigned(name, node)]
                return [one for each in given for one in self._members(each)]
        return []

    def _handed(
        self, name: str, function: ast.FunctionDef, taken: list[str], seen: tuple[str, ...]
    ) -> list[str | None]:
        """What callers in the module hand over."""
        own = taken[1:] if taken[:1] in (["self"], ["cls"]) else taken
        found: list[str | None] = []
        for call in self.calls:
            if _called(call) == function.name:
                given = dict(zip(own, call.args, strict=False))
                given |= {each.arg: each.value for each in call.keywords if each.arg}
                if name in given:
                    found += self._texts(given[name], self._around(call), seen)
        return found or [None]


def _called(call: ast.Call) -> str:
    """The last name of what is called."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _names(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def _said(error: ast.Call) -> Iterator[ast.expr]:
    """Of the arguments of an error those that are sentences."""
    yield from error.args[:1]
    if _called(error) == "Problem":
        yield from error.args[2:3]
    yield from (each.value for each in error.keywords if each.arg in ("what", "instead"))


def _assigned(name: str, node: ast.AST) -> list[ast.expr]:
    """What a statement gives a name; a list of one where it is added to a list of that name."""
    match node:
        case ast.Assign(targets=[target], value=value):
            return _given(name, target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            return _given(name, target, value)
        case ast.NamedExpr(target=target, value=value):
            return _given(name, target, value)
        case ast.Call(func=ast.Attribute(attr="append", value=ast.Name(id=added)), args=[one]):
            return [ast.List([one])] if added == name else []
    return []


def _given(name: str, target: ast.expr, value: ast.expr) -> list[ast.expr]:
    """What a name gets of an assignment."""
    match target, value:
        case ast.Name(id=bound), _ if bound == name:
            return [value]
        case ast.Tuple(elts=targets), ast.Tuple(elts=values):
            pairs = zip(targets, values, strict=False)
            return [one for place, each in pairs for one in _given(name, place, each)]
        case ast.Tuple(), ast.IfExp(body=body, orelse=orelse):
            return _given(name, target, body) + _given(name, target, orelse)
    return []
