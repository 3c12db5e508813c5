"""The one writer of a history: batches first into a log, then into Parquet files by day."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

import pyarrow as pa

from zeroplant.errors import InputError, Problem
from zeroplant.store.batch import Batch, numbered, to_bytes
from zeroplant.store.compaction import by_day, merged_with, read_part, write_part
from zeroplant.store.durable import Appended, DamagedError, plainly, sync_folder
from zeroplant.store.frames import framed
from zeroplant.store.history import SPILL, History, snapshot_of
from zeroplant.store.lock import Closing, WriterLock
from zeroplant.store.manifest import NAME, Manifest, Part, read_manifest
from zeroplant.store.query import Snapshot
from zeroplant.store.tail import TailBatch, damage, joined, segment_path, segments

AHEAD = 1_000_000
"""Rows that stand in the log before they are compacted: some 50 MB of memory."""

PATIENCE = 4
"""How many times that number `append` lets pass while compaction is under way, or fails."""

INSTEAD = "what was acknowledged is safe; free space or rights, and go on"


class HistoryWriter(History, Closing):
    """A history that one may also write to; at most one per folder, in any process.

    `append` has acknowledged a batch when it returns: the batch outlasts ``kill -9`` and a power
    cut, and every question asked from then on sees it. Methods may be called from several threads:
    where no append may take longer than the disk does, another one calls `compact` in good time.
    """

    def __init__(self, folder: str | Path, *, ahead: int = AHEAD) -> None:
        """Open or begin a history. ``ahead``: rows in the log that make `append` compact first.

        ``recovery`` says what had to be set right on opening, if anything, and ``trouble`` why the
        last compaction failed, as long as none has succeeded since. Raises InputError when another
        writer has the folder, or it is damaged.
        """
        folder = Path(folder)
        self._lock = WriterLock(folder)
        try:
            self._open(folder, ahead)
        except BaseException:
            self._lock.release()
            raise

    def _open(self, folder: Path, ahead: int) -> None:
        with plainly(f"open the history in {folder}", INSTEAD):
            _begin_if_new(folder)
            super().__init__(folder)
            self._writing, self._compacting = threading.RLock(), threading.Lock()
            self._ahead, self._next_compaction, self.trouble = ahead, ahead, ""
            self._manifest = manifest = read_manifest(folder)
            self._batches = self._tail.batches(manifest)
            numbers = segments(folder)
            self._manifest = replace(manifest, next=max(manifest.next, numbers[-1] + 1))
            _sweep(folder, manifest)
            for spilt in folder.glob(f"{SPILL}*"):  # by somebody who was killed
                rmtree(spilt, ignore_errors=True)
            path, end = segment_path(folder, numbers[-1]), self._tail.end(numbers[-1])
            self.recovery = self._what_happened(path, end)
            self._segment = Appended(path, end)
            ends = [batch.rows["arrival"][-1].as_py() + 1 for batch in self._batches if batch.spans]
            self._arrival = max([manifest.arrival, *ends])

    def append(self, *batches: Batch) -> None:
        """Take batches in, all or none, with one wait for the disk.

        Raises InputError when the disk refuses: then none of them counts, nothing is half-written,
        and the same call may be made again. A batch sent twice counts once.
        """
        self._make_room()
        with self._writing, plainly(f"write history in {self.folder}", INSTEAD):
            frames, added, arrival = [], [], self._arrival
            for batch in batches:
                frames.append(to_bytes(batch.rows, arrival))
                added.append(TailBatch.of(numbered(batch.rows, arrival)))
                arrival += len(batch)
            self._segment.add(b"".join(map(framed, frames)))
            self._batches = self._batches + added
            self._arrival = arrival

    def _make_room(self) -> None:
        """Compact if it is time to. Raises InputError when it fails and too many rows wait.

        Up to then the log takes what compaction does not, and it is tried again with the next
        ``ahead`` rows, not with each batch: it costs a second.
        """
        waiting = sum(batch.rows.num_rows for batch in self._batches)
        full = waiting >= PATIENCE * self._ahead
        if not full and (waiting < self._next_compaction or self._compacting.locked()):
            return
        try:
            self.compact()
        except InputError:
            self._next_compaction = waiting + self._ahead
            if full:
                raise

    def compact(self) -> None:
        """Move what stands in the log into Parquet files, and merge small files of a day.

        Raises InputError when the disk refuses; nothing is lost or doubled then, and the rows stay
        where they are. Others may append and ask meanwhile.
        """
        try:
            self._compact()
        except InputError as error:
            self.trouble = str(error)
            raise
        self._next_compaction, self.trouble = self._ahead, ""

    def _compact(self) -> None:
        with self._compacting, plainly(f"compact the history in {self.folder}", INSTEAD):
            with self._writing:
                moving, before = self._batches, self._manifest
                if not moving:
                    return
                log, arrival = self._next_segment(), self._arrival
            after = self._written(joined(moving), replace(self._manifest, log=log, arrival=arrival))
            self._commit(before, after)
            with self._writing:
                self._manifest = after
                self._batches = self._batches[len(moving) :]
            _sweep(self.folder, after)

    def close(self) -> None:
        """Let the next writer in. Nothing needs to be written first."""
        super().close()
        self._segment.close()
        self._lock.release()

    def _snapshot(self) -> Snapshot:
        with self._writing:
            return snapshot_of(self.folder, self._manifest.parts, self._batches)

    def _next_segment(self) -> int:
        """Go on in a new segment of the log, unless nothing stands in this one; its number."""
        if not self._segment.end:  # compaction has failed, and nothing was appended since
            return int(self._segment.path.stem)
        number = self._manifest.next
        path = segment_path(self.folder, number)
        path.touch()
        sync_folder(path.parent)
        following = Appended(path, 0)
        self._segment.close()
        self._segment = following
        self._manifest = self._manifest.advanced()
        return number

    def _written(self, rows: pa.Table, manifest: Manifest) -> Manifest:
        """A manifest with these rows in files. Raises OSError, and leaves no file then."""
        before = _names(manifest)
        rows = rows.unify_dictionaries().combine_chunks()
        try:
            for day, todays in by_day(rows):
                older = [part for part in manifest.parts if part.day == day]
                merged, tables = _readable(self.folder, merged_with(todays.num_rows, older))
                name = f"{day}/{manifest.next:08d}.parquet"
                part = write_part(self.folder, name, pa.concat_tables([*tables, todays]))
                kept = tuple(each for each in manifest.parts if each not in merged)
                manifest = replace(manifest.advanced(), parts=(*kept, part))
        except BaseException:
            self._forget(_names(manifest) - before)
            raise
        return manifest

    def _commit(self, before: Manifest, after: Manifest) -> None:
        """Replace the manifest. When the disk refuses, remove the new files, if that is right."""
        try:
            after.write(self.folder)
        except BaseException:
            if read_manifest(self.folder) == after:  # done, but perhaps not for a power cut
                self._manifest = replace(self._manifest, next=after.next)  # no name used twice
            else:
                self._forget(_names(after) - _names(before))
            raise

    def _forget(self, names: set[str]) -> None:
        for name in names:
            (self.folder / "days" / name).unlink(missing_ok=True)

    def _what_happened(self, path: Path, end: int) -> str:
        said = []
        if cut := path.stat().st_size - end:
            said.append(f"cut off {cut} bytes of a batch that was not written to its end")
        if self._tail.lost:
            said.append(damage(self.folder, self._tail.lost).what)
        return "; ".join(said)


def _begin_if_new(folder: Path) -> None:
    """Lay out an empty history, unless something stands there."""
    if (folder / NAME).exists():
        return
    logs = [path for path in folder.glob("log/*.log") if path.stat().st_size]
    if logs or any(folder.glob("days/*/*.parquet")):
        what = f"{folder} holds a history whose {NAME} is missing"
        problem = Problem(what, instead="put it back, or name another folder")
        raise DamagedError(problem, folder)
    for each in (folder / "log", folder / "days"):
        each.mkdir(exist_ok=True)
    segment_path(folder, 1).touch()
    sync_folder(folder / "log")
    Manifest().write(folder)


def _readable(folder: Path, parts: list[Part]) -> tuple[list[Part], list[pa.Table]]:
    """Those parts that can be read, and their rows; a damaged file is left as it is."""
    pairs = []
    for part in parts:
        try:
            pairs.append((part, read_part(folder, part)))
        except (OSError, pa.ArrowException):
            continue
    return [part for part, _ in pairs], [table for _, table in pairs]


def _sweep(folder: Path, manifest: Manifest) -> None:
    """Remove files that do not count any more: a crash, or a merge, has left them.

    What cannot be removed now, because somebody reads it on Windows, say, is removed the next time.
    """
    live = {folder / "days" / name for name in _names(manifest)}
    dead = [path for path in folder.glob("days/*/*") if path not in live]
    dead += [segment_path(folder, each) for each in segments(folder) if each < manifest.log]
    for path in dead:
        with suppress(OSError):
            path.unlink()


def _names(manifest: Manifest) -> set[str]:
    return {part.name for part in manifest.parts}
