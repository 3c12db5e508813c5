"""A plant as an MPS or LP file, for any solver."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import highspy

from zeroplant.errors import InputError, Problem
from zeroplant.files import write_atomic
from zeroplant.solve.highs import HighsModel
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.matrix import Layout
from zeroplant.waist.network import Network
from zeroplant.waist.program import Program


def write_mps(network: Network, path: Path | str) -> None:
    """Write a network's programme to a file; the suffix decides: .mps, .mps.gz or .lp.

    Columns are named after flows, stores and sizes, with the stage behind a full stop
    (``wind.17``), rows after nodes, stores, bounds and rules. Raises InputError for another
    suffix, or if the file cannot be written.
    """
    path = Path(path)
    if not path.name.endswith((".mps", ".mps.gz", ".lp")):
        instead = "end it in .mps, .mps.gz or .lp"
        raise InputError(Problem(f"'{path.name}' is no model file", instead=instead))
    program = compile_network(network)
    matrix = assemble(program)
    solver = HighsModel(matrix).highs
    model = solver.getLp()
    model.col_names_ = _plain(_column_names(program))
    model.row_names_ = _plain(_row_names(program, matrix.layout))
    named = highspy.Highs()  # type: ignore[no-untyped-call]
    named.silent()
    named.passModel(model)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / path.name.removesuffix(".gz")
        named.writeModel(str(plain))
        content = plain.read_bytes()
    # The same plant gives the same bytes: a packed file carries no time.
    write_atomic(path, gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def _column_names(program: Program) -> list[str]:
    names = [column.name for column in program.columns]
    return [*_by_stage(names, program.stages), *(f"size {name}" for name in program.sizes.names)]


def _row_names(program: Program, layout: Layout) -> list[str]:
    columns = [column.name for column in program.columns]
    blocks = [f"row {row.name}" for row in program.rows]
    blocks += [f"floor {columns[place]}" for place in layout.floors]
    blocks += [f"cap {columns[place]}" for place in layout.caps]
    return [*_by_stage(blocks, program.stages), *(f"rule {name}" for name in program.budgets.names)]


def _by_stage(names: list[str], stages: int) -> list[str]:
    return [f"{name}.{stage}" for name in names for stage in range(stages)]


def _plain(names: list[str]) -> list[str]:
    """Names without what the file formats do not allow, each still its own."""
    plain, taken = [], set[str]()
    for name in names:
        short = "".join(c if c.isascii() and (c.isalnum() or c in "._") else "_" for c in name)
        while short in taken:
            short += "_"
        taken.add(short)
        plain.append(short)
    return plain
