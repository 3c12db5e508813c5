"""Store: the history of every point, and the journal of what was known, decided and done."""

from __future__ import annotations

from zeroplant.store.anchor import Anchor
from zeroplant.store.batch import Batch
from zeroplant.store.history import History
from zeroplant.store.journal import Journal
from zeroplant.store.record import Entry, Record
from zeroplant.store.recorder import JournalWriter
from zeroplant.store.verify import Verdict
from zeroplant.store.writer import HistoryWriter

__all__ = [
    "Anchor",
    "Batch",
    "Entry",
    "History",
    "HistoryWriter",
    "Journal",
    "JournalWriter",
    "Record",
    "Verdict",
]
