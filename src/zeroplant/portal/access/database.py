"""Tables of people and what lets them in: SQLite in a file, or any database SQLAlchemy speaks."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
)

LONGEST_NAME = 64

metadata = MetaData()
# Moments are seconds since 1970 in UTC: no database differs in how it reads a number.
people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(LONGEST_NAME), unique=True, nullable=False),
    Column("password", String(200), nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created", Float, nullable=False),
)
grants = Table(
    "grants",
    metadata,
    Column("person", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("place", String(200), primary_key=True),
)
sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("form_key", String(64), nullable=False),
    Column("seen", Float, nullable=False),
    Column("ends", Float, nullable=False),
)
tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), unique=True, nullable=False),
    Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("role", String(16), nullable=False),
    Column("place", String(200), nullable=False),
    Column("created", Float, nullable=False),
    Column("ends", Float, nullable=False),
    Column("used", Float),
    Column("revoked", Boolean, nullable=False, default=False),
)
failures = Table(
    "failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(200), nullable=False),
    Column("at", Float, nullable=False),
    Index("failures_of_subject", "subject", "at"),
)


def open_database(place: Path | str) -> Engine:
    """The tables in a file, or at an address such as ``postgresql+psycopg://…``; made if absent."""
    at_address = "://" in str(place)
    if not at_address:
        Path(place).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        Path(place).touch(0o600)
        for name in ("", "-wal", "-shm"):  # neighbours hold what was written last
            with suppress(FileNotFoundError):
                Path(f"{place}{name}").chmod(0o600)
    engine = create_engine(str(place) if at_address else f"sqlite:///{place}")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _careful)
    metadata.create_all(engine)
    return engine


def private(folder: Path) -> None:
    """Make a folder that nobody else on the machine may look into."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def _careful(connection: object, _: object) -> None:
    """References hold, readers do not wait for the writer, and what is committed is on disk."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
