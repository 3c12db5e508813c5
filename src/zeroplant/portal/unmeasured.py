"""What was not measured of a day or a span, in words: each quantity as it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zeroplant.plan.report.names import Names
from zeroplant.plan.report.text import Text

MEASURED: Mapping[str, Text] = {
    "imported": Text("energy bought", "购电量"),
    "exported": Text("energy sold to the grid", "上网电量"),
    "generated": Text("energy generated", "发电量"),
    "used": Text("energy used", "用电量"),
    "carbon": Text("emissions", "碳排放"),
}
"""What is measured beside the lines of the ledger."""


def unmeasured(unknown: Sequence[Mapping[str, Any]], names: Names) -> list[Text]:
    """The entries of ``unknown``, as `zeroplant.operate.today` gives them, a line each.

    An entry of an earlier version, which had a sentence instead of figures, is left out: the
    controller writes the file anew within a quarter-hour.
    """
    return [_line(each, names) for each in unknown if "gaps" in each]


def _line(said: Mapping[str, Any], names: Names) -> Text:
    gaps, steps = str(said["gaps"]), str(said["steps"])
    form = Text("{} of {} quarter-hours were not measured", "{1} 个一刻钟中有 {0} 个缺测")
    called = [MEASURED.get(name) or names.phrase(name) for name in said["of"]]
    if not called:  # the whole day
        return form.format(gaps, steps)
    which = Text(", ".join(each.en for each in called), "、".join(each.zh for each in called))
    return Text("{}: {}", "{}：{}").format(which, form.format(gaps, steps))
