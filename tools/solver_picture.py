"""Draw the matrix the staged solver factors: as it is declared, and as it is eliminated.

    python tools/solver_picture.py [FILE]

The plant is the benchmark's county base over 64 hours, cut into four segments of sixteen hours
(real ones are longer): small enough that single entries can be seen. Everything that is drawn
comes from the solver's own ordering; the fill is counted by eliminating here once more. Writes
docs/explanation/staged-solver/matrix.svg.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Ints
from zeroplant.bench.plants import county_base, year
from zeroplant.plan.report.charts.svg import Canvas
from zeroplant.plan.report.text import Text
from zeroplant.solve.staged import segments
from zeroplant.solve.staged.form import Form
from zeroplant.solve.staged.pattern import pattern
from zeroplant.solve.staged.places import number, outer_unknowns
from zeroplant.solve.staged.scaling import scaled
from zeroplant.solve.staged.standard import standardise
from zeroplant.solve.staged.symbolic import symbolic
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network

FILE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "staged-solver" / "matrix.svg"
HOURS, SEGMENT, WIDE, GAP = 64, 16, 330.0, 20.0
STYLE = """<style>
  text { font: 12px sans-serif; fill: #5a6675 } .said { font-weight: 600; fill: #17202a }
  .paper { fill: #fff } .frame { fill: #f6f7f9; stroke: #dde2e8 } .cut { stroke: #c3cad3 }
  .entry { fill: #0b6e4f } .fill { fill: #c7773f }
</style>"""
Mask = NDArray[np.bool_]


@dataclass
class Drawing:
    """The matrix as declared, the order of elimination, and where its segments end."""

    matrix: Mask
    order: Ints
    ends: list[int]


def drawing(form: Form) -> Drawing:
    """The matrix of the Newton system of a form: rows, then variables that stay, then sizes."""
    segments.SHORTEST = segments.LONGEST = SEGMENT
    cut = segments.cut(form)
    inside = segments.inside(form, cut)
    outer = outer_unknowns(form, inside, cut.count)
    places = number(form, cut, inside, outer)
    found = symbolic(pattern(form, inside, outer, places, cut.groups), outer, places)
    local = np.abs(form.A.toarray()) > 0
    carried = np.flatnonzero(inside.carried)
    stays = local[:, carried]
    local[:, carried] = False
    sized = (abs(form.B) + abs(form.A) @ abs(form.U)).toarray() > 0
    c, k = len(carried), len(form.price)
    together = (abs(form.U).T @ abs(form.U)).toarray() > 0
    nothing = np.zeros((c, k), dtype=bool)
    matrix = np.block([
        [(local.astype(int) @ local.T.astype(int)) > 0, stays, sized],
        [stays.T, np.eye(c, dtype=bool), nothing],
        [sized.T, nothing.T, together],
    ])  # fmt: skip
    matrix |= np.eye(len(matrix), dtype=bool)
    apart = inside.apart[carried]
    segment = np.concatenate([
        inside.row, np.where(apart, -1, inside.variable[carried]), inside.size,
    ])  # fmt: skip
    numbers = np.concatenate([places.row, places.carried[carried], places.size])
    place = np.where(segment >= 0, found.place[np.maximum(numbers, 0)], 0)
    last = cut.count
    order = np.lexsort((place, np.where(segment < 0, last, segment)))
    ends = np.cumsum([int((segment == s).sum()) for s in range(last)]).tolist()
    return Drawing(matrix, order, ends)


def eliminated(matrix: Mask) -> Mask:
    """Entries of the factors: what is there, and what every pivot fills in."""
    filled = matrix.copy()
    for pivot in range(len(filled)):
        after = np.flatnonzero(filled[pivot, pivot + 1 :]) + pivot + 1
        filled[np.ix_(after, after)] = True
    return filled


def squares(mask: Mask, left: float, top: float, cls: str) -> str:
    """One path of little squares, runs in a row joined."""
    side = WIDE / len(mask)
    parts = []
    for row, line in enumerate(mask):
        edge = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(int), [0]])))
        for first, last in edge.reshape(-1, 2):
            x, y, long = left + first * side, top + row * side, (last - first) * side
            parts.append(f"M{x:.1f} {y:.1f}h{long:.1f}v{side:.1f}h-{long:.1f}z")
    return f'<path class="{cls}" d="{"".join(parts)}"/>'


def drawn(d: Drawing) -> str:
    """Both panels side by side."""
    after = d.matrix[np.ix_(d.order, d.order)]
    filled = eliminated(after)
    first = eliminated(d.matrix)
    canvas = Canvas(2 * WIDE + 3 * GAP, WIDE + 96.0)
    top, right = 34.0, 2 * GAP + WIDE
    canvas.add(STYLE)
    canvas.add(f'<rect class="paper" width="{canvas.width}" height="{canvas.height}"/>')
    for left, said in (
        (GAP, "As declared: kind after kind"),
        (right, "As eliminated: through time"),
    ):
        canvas.bar((left, top), (WIDE, WIDE), "frame")
        canvas.words(left, 22, said, "said")
    canvas.add(squares(d.matrix, GAP, top, "entry"))
    canvas.add(squares(filled & ~after, right, top, "fill"))
    canvas.add(squares(after, right, top, "entry"))
    for end in d.ends:
        at = end * WIDE / len(after)
        canvas.stroke(right, top + at, right + WIDE, top + at, "cut")
        canvas.stroke(right + at, top, right + at, top + WIDE, "cut")
    entries, fill = int(d.matrix.sum()), int((filled & ~after).sum())
    bad = int((first & ~d.matrix).sum())
    below = top + WIDE + 20
    canvas.words(GAP, below, f"{len(after)} unknowns, {entries:,} entries;")
    canvas.words(GAP, below + 17, f"eliminated in this order, {bad:,} more would fill in")
    canvas.words(right, below, "the same entries; four segments, then what is outer;")
    canvas.words(right, below + 17, f"orange: the {fill:,} entries that fill in")
    extra = 'xmlns="http://www.w3.org/2000/svg"'
    return canvas.svg(Text("The matrix before and after ordering", "排序前后的矩阵"), extra)


def main(file: Path) -> None:
    """Draw and write."""
    program = compile_network(county_base(year(HOURS)))
    form, _ = standardise(program, assemble(program))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(drawn(drawing(scaled(form)[0])) + "\n", encoding="utf-8")
    print(f"{file}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE)
