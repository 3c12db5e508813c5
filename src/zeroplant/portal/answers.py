"""What the controller answers to a wish, in words; it writes English only.

The sentences are those of `zeroplant.operate.inbox` and `zeroplant.operate.wish`.
"""

from __future__ import annotations

import re

from zeroplant.plan.report.text import Text, same

SENTENCES: tuple[tuple[str, str], ...] = (
    (r"there is no alarm '(.*)'; write it as 'code: what it is about'", "没有告警“{}”"),
    (r"no order '(.*)' stands; write the name of its file without \.json", "指令“{}”不在执行中"),
    (r"it has lapsed already; write an 'until' that is still to come", "已失效：其结束时间已过"),
    (r"no flow that can be set is called '(.*)'; write one such as battery\.charge",
     "没有可设定的量“{}”"),
    (r"withdrawn by (.*)", "由 {} 撤回"),
    (r".*nobody signs for it.*", "缺少申请人"),
    (r".*it ends before it starts.*", "结束时间早于开始时间"),
)  # fmt: skip
"""Patterns of what it says, and the same in Chinese with what stands in the gap."""


def answer_told(reason: object) -> Text:
    """An answer in both languages; as it was written where no words are known for it."""
    said = str(reason or "")
    for pattern, chinese in SENTENCES:
        found = re.fullmatch(pattern, said, re.DOTALL)
        if found is not None:
            return Text(said, chinese.format(*found.groups()))
    return same(said)
