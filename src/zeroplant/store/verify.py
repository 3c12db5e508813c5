"""Whether a journal is as it was written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from zeroplant.store.anchor import NAME, Anchor, read_head
from zeroplant.store.chain import Followed, Head, Segment
from zeroplant.store.record import NO_HASH


@dataclass(frozen=True)
class Verdict:
    """How far a journal can be believed.

    ``records`` follow from each other and from nothing, ``hash`` is that of the last of them.
    ``broken`` is the number of the first record that is not as it was written, or 0, and ``why``
    what is wrong with it; ``unfinished`` counts bytes at the end that were never acknowledged.
    ``heads`` are files of which only the first line was looked at (`verify_since`).
    """

    records: int
    hash: str
    broken: int = 0
    why: str = ""
    unfinished: int = 0
    heads: int = 0

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.why

    def __str__(self) -> str:
        if self.intact:
            more = f" and the heads of {self.heads} more files" if self.heads else ""
            return f"{self.records} records{more}, intact"
        place = f"record {self.broken}: " if self.broken else ""
        return f"{place}{self.why} ({self.records} records before it follow from each other)"


def verify(folder: Path, against: Anchor | None = None) -> Verdict:
    """Follow the chain of a folder's journal from its first record to its end.

    Found are: any byte that changed in a record, records that were removed, added or put in another
    order, files that are missing, and records cut off at the end that the head file, or the anchor
    ``against`` that was kept elsewhere, still knows. Not found: a chain that was written anew
    together with the head file, unless ``against`` was kept elsewhere; and records that were
    acknowledged after the anchor, cut off together with the head file. Raises OSError.
    """
    held = read_head(folder)
    wanted = [anchor for anchor in (held.anchor, against) if anchor]
    acknowledged = max((anchor.count for anchor in wanted), default=0)
    hashes = {anchor.count: NO_HASH for anchor in wanted if anchor.count == 0}
    count, found, above, unfinished = 0, NO_HASH, NO_HASH, 0
    segments = Segment.all(folder)
    for segment in segments:
        if segment.first != count + 1:
            what = "it is missing" if segment.first > count else "its file was put in between"
            return Verdict(count, found, count + 1, what)
        followed = segment.follow(found, above)
        hashes |= {link.number: link.hash for link in followed.links if _asked(link.number, wanted)}
        count, found = count + len(followed.links), followed.hash
        above = followed.head.hash
        if followed.broken:
            if segment is not segments[-1] or followed.broken.number <= acknowledged:
                return Verdict(count, found, followed.broken.number, followed.broken.why)
            unfinished = _behind(segment, followed)
    if count < acknowledged:
        why = f"{acknowledged - count} acknowledged records are missing at the end"
        return Verdict(count, found, count + 1, why)
    for anchor in wanted:
        if hashes[anchor.count] != anchor.hash:
            why = "its hash is not that of the anchor: the journal was written anew"
            return Verdict(count, found, anchor.count, why)
    if not (held.whole or read_head(folder).whole):  # again: it may just be written
        return Verdict(count, found, 0, f"the file {NAME} is missing or damaged", unfinished)
    return Verdict(count, found, 0, "", unfinished)


def verify_since(folder: Path, wanted: Collection[Segment]) -> Verdict:
    """Follow only some files of a journal, and the last; of those after them look at the heads.

    The end that was acknowledged speaks for the last file, its head for the head before it, and so
    on; so the wanted files are known to be as they were written, and none is missing behind them,
    at the price of a line for each. What stands before the first of them is not looked at. Files
    of the older kind cannot be passed by their heads; they are followed. Raises OSError.
    """
    segments = Segment.all(folder)
    first = min((each.first for each in wanted), default=0)
    chosen = [each for each in segments if each.first >= first] if wanted else segments[-1:]
    acknowledged = read_head(folder).anchor or Anchor()
    records = heads = 0
    after: Head | None = None
    begin, last = 0, NO_HASH
    for segment in reversed(chosen):
        head = segment.head()
        if head is None or (after and after.above not in (None, head.hash)):
            why = "the first line of its file is not as it was written"
            return Verdict(records, last, segment.first, why)
        if after is None or after.above is None or segment in wanted:
            followed = segment.follow()
            if after is None:
                verdict = _ends(segment, followed, acknowledged)
            else:
                verdict = _goes_on(segment, followed, begin, after.before)
            if verdict is not None:
                return verdict
            records += len(followed.links)
            last = followed.hash if after is None else last
        else:
            heads += 1
        after, begin = head, segment.first
    return Verdict(records, last, heads=heads)


def _ends(segment: Segment, followed: Followed, acknowledged: Anchor) -> Verdict | None:
    """What is wrong with the last file, if anything: it must hold what was acknowledged."""
    count, end = segment.first - 1 + len(followed.links), followed.hash
    if count < acknowledged.count:
        why = followed.broken.why if followed.broken else "it is missing at the end"
        return Verdict(len(followed.links), end, count + 1, why)
    place = acknowledged.count - segment.first
    if place >= -1:
        known = followed.links[place].hash if place >= 0 else followed.before
        if known != acknowledged.hash:
            why = "its hash is not that of the anchor: the journal was written anew"
            return Verdict(len(followed.links), end, acknowledged.count, why)
    return None


def _goes_on(segment: Segment, followed: Followed, begin: int, before: str) -> Verdict | None:
    """What is wrong with a file before the last, if anything: the next one must go on from it."""
    count = segment.first - 1 + len(followed.links)
    if followed.broken:
        return Verdict(len(followed.links), followed.hash, followed.broken.number,
                       followed.broken.why)  # fmt: skip
    if count + 1 != begin:
        return Verdict(len(followed.links), followed.hash, count + 1, "it is missing")
    if followed.hash != before:
        why = "a record of its file was changed"
        return Verdict(len(followed.links), followed.hash, segment.first, why)
    return None


def _asked(number: int, anchors: list[Anchor]) -> bool:
    return any(anchor.count == number for anchor in anchors)


def _behind(segment: Segment, followed: Followed) -> int:
    return segment.stat().st_size - followed.end
