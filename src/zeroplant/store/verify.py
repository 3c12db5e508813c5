"""Whether a journal is as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zeroplant.store.anchor import NAME, Anchor, read_head
from zeroplant.store.chain import Followed, Segment
from zeroplant.store.record import NO_HASH


@dataclass(frozen=True)
class Verdict:
    """How far a journal can be believed.

    ``records`` follow from each other and from nothing, ``hash`` is that of the last of them.
    ``broken`` is the number of the first record that is not as it was written, or 0, and ``why``
    what is wrong with it; ``unfinished`` counts bytes at the end that were never acknowledged.
    """

    records: int
    hash: str
    broken: int = 0
    why: str = ""
    unfinished: int = 0

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.why

    def __str__(self) -> str:
        if self.intact:
            return f"{self.records} records, intact"
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
    count, found, unfinished = 0, NO_HASH, 0
    segments = Segment.all(folder)
    for segment in segments:
        if segment.first != count + 1:
            what = "it is missing" if segment.first > count else "its file was put in between"
            return Verdict(count, found, count + 1, what)
        followed = segment.follow(found)
        hashes |= {link.number: link.hash for link in followed.links if _asked(link.number, wanted)}
        count, found = count + len(followed.links), followed.hash
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


def _asked(number: int, anchors: list[Anchor]) -> bool:
    return any(anchor.count == number for anchor in anchors)


def _behind(segment: Segment, followed: Followed) -> int:
    return segment.path.stat().st_size - followed.end
