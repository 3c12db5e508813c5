"""Journal: what was known, decided and done, in an order that nobody can change unseen."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

from zeroplant.errors import InputError, Problem
from zeroplant.store.anchor import Anchor, read_head
from zeroplant.store.chain import Segment
from zeroplant.store.durable import plainly
from zeroplant.store.moments import Moment, utc
from zeroplant.store.record import Record, kind_of, read_record
from zeroplant.store.verify import Verdict, verify, verify_since

EARLIEST, LATEST = (each.replace(tzinfo=UTC) for each in (datetime.min, datetime.max))


class Journal:
    """The records of a folder, for reading while one process writes them.

    Records are in the order in which they were written. Their known times come from the writer's
    clock and need not rise.
    """

    def __init__(self, folder: str | Path) -> None:
        """Open a journal. Raises InputError when the folder holds none."""
        self.folder = Path(folder)
        with plainly(f"read {self.folder}"):
            if not read_head(self.folder).anchor and not Segment.all(self.folder):
                raise InputError(Problem(f"{self.folder} is no journal"))

    def read(
        self,
        since: Moment | None = None,
        until: Moment | None = None,
        kinds: Collection[str] = (),
        key: str | None = None,
    ) -> Iterator[Record]:
        """Records that became known from ``since`` up to and including ``until``.

        Only some ``kinds``, unless none is named, and only of one ``key``, unless it is None. Each
        is checked against the chain as it is read; raises InputError at the first that is broken.
        """
        wanted = (kinds,) if isinstance(kinds, str) else tuple(kinds)
        first = EARLIEST if since is None else utc(since)
        last = LATEST if until is None else utc(until)
        with plainly(f"read {self.folder}"):
            segments = Segment.all(self.folder)
        for segment in _of_days(segments, first, last):
            for record in self._records(segment, wanted, last_one=segment is segments[-1]):
                if first <= record.known <= last and key in (None, record.key):
                    yield record

    def replay(self, at: Moment, since: Moment | None = None) -> dict[tuple[str, str], Record]:
        """What was known at a moment: the newest record for each kind and key.

        Newest is the one with the latest event; of those the latest known, of those the last
        written. Nothing that became known after the moment counts, nor before ``since``.
        """
        newest: dict[tuple[str, str], Record] = {}
        for record in self.read(since, at):
            name = (record.kind, record.key)
            held = newest.get(name)
            if held is None or _age(held) < _age(record):
                newest[name] = record
        return newest

    def days(self, until: Moment) -> list[datetime]:
        """Midnights (UTC) of the days up to a moment that have files, in order."""
        last = utc(until)
        with plainly(f"read {self.folder}"):
            days = {each.day for each in Segment.all(self.folder)}
        return sorted(
            datetime.fromisoformat(day).replace(tzinfo=UTC)
            for day in days
            if day <= str(last.date())
        )

    def verify(self, against: Anchor | None = None) -> Verdict:
        """Follow the whole chain from the first record; see `zeroplant.store.verify`."""
        with plainly(f"read {self.folder}"):
            return verify(self.folder, against)

    def verify_since(self, since: Moment, until: Moment) -> Verdict:
        """Follow what `read` reads between two moments, and what proves that nothing is missing.

        See `zeroplant.store.verify.verify_since`.
        """
        with plainly(f"read {self.folder}"):
            wanted = _of_days(Segment.all(self.folder), utc(since), utc(until))
            return verify_since(self.folder, wanted)

    def anchor(self) -> Anchor:
        """How many records are acknowledged, and the hash of the last: to be kept elsewhere."""
        with plainly(f"read {self.folder}"):
            return read_head(self.folder).anchor or Anchor()

    def _records(
        self, segment: Segment, wanted: Collection[str], *, last_one: bool
    ) -> Iterator[Record]:
        """Those of some kinds, or all; the others are followed, but not read."""
        with plainly(f"read {segment.path}"):
            acknowledged = (read_head(self.folder).anchor or Anchor()).count  # before the records
            followed = segment.follow()
        for link in followed.links:
            if not wanted or kind_of(link.body) in ("", *wanted):
                yield read_record(link.body, link.hash)
        broken = followed.broken
        if broken and (not last_one or broken.number <= acknowledged):
            what = f"record {broken.number} is broken: {broken.why}"
            raise InputError(Problem(what, where=str(segment.path), instead="verify the journal"))


def _of_days(segments: list[Segment], first: datetime, last: datetime) -> list[Segment]:
    """Files in which records may be that became known between two moments."""
    return [each for each in segments if str(first.date()) <= each.day <= str(last.date())]


def _age(record: Record) -> tuple[datetime, datetime, int]:
    return record.event, record.known, record.number
