"""Wrong passwords: counted by name and by address, and answered with longer and longer waits."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select

from zeroplant.portal.access.database import failures

WINDOW = 900.0
"""Seconds for which a wrong password counts."""
FREE = {"name": 5, "address": 20}
"""Wrong passwords before the first wait: one person mistypes less often than an office does."""
FIRST_WAIT, LONGEST_WAIT = 30.0, 900.0
"""Seconds; each wrong password more doubles the wait. OWASP's cheat sheet on authentication asks
for a lock-out whose length grows, so that a stranger cannot lock a person out for good."""


def wait(connection: Connection, name: str, address: str, now: float) -> float:
    """Seconds until this name may be tried from this address; 0 if now."""
    return max(
        _wait(connection, f"name:{name}", FREE["name"], now),
        _wait(connection, f"address:{address}", FREE["address"], now),
    )


def _wait(connection: Connection, subject: str, free: int, now: float) -> float:
    of_subject = (failures.c.subject == subject) & (failures.c.at > now - WINDOW)
    asked = select(func.count(), func.max(failures.c.at)).where(of_subject)
    count, last = connection.execute(asked).one()
    if count < free:
        return 0.0
    pause: float = min(FIRST_WAIT * 2.0 ** min(count - free, 10), LONGEST_WAIT)
    return max(0.0, float(last) + pause - now)


def failed(connection: Connection, name: str, address: str, now: float) -> None:
    """Count a wrong password, and forget those that do not count any more."""
    connection.execute(delete(failures).where(failures.c.at <= now - WINDOW))
    subjects = (f"name:{name}", f"address:{address}")
    connection.execute(insert(failures), [{"subject": each, "at": now} for each in subjects])


def succeeded(connection: Connection, name: str) -> None:
    """Forget the wrong passwords of somebody who has shown the right one."""
    connection.execute(delete(failures).where(failures.c.subject == f"name:{name}"))
