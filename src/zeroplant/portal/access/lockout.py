"""Wrong passwords: counted by name and address, and answered with longer and longer waits."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from sqlalchemy import Connection, delete, func, insert, select

from zeroplant.portal.access.database import failures

WINDOW = 900.0
"""Seconds for which a wrong password counts."""
FREE = {"pair": 5, "address": 30, "name": 100}
"""Wrong passwords before the first wait: of one name from one address, of an address whatever the
name, and of a name whatever the address. The last is high: a stranger who only wants to lock
somebody out must not get that for a few tries, and a hundred guesses in a quarter of an hour open
no password of twelve characters."""
FIRST_WAIT, LONGEST_WAIT = 30.0, 600.0
"""Seconds; each wrong password more doubles the wait (OWASP's cheat sheet on authentication)."""


def wait(connection: Connection, name: str, address: str, now: float) -> float:
    """Seconds until this name may be tried from this address; 0 if now."""
    kinds = zip(FREE.values(), _subjects(name, address), strict=True)
    return max(_wait(connection, subject, free, now) for free, subject in kinds)


def _subjects(name: str, address: str) -> tuple[str, str, str]:
    """What is counted, in the order of `FREE`."""
    from_where = _network(address)
    return f"pair:{from_where} {name}", f"address:{from_where}", f"name:{name}"


def _network(address: str) -> str:
    """Whom an address stands for: somebody with an IPv6 line has 2^64 addresses to try from."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    return address if found.version == 4 else str(ip_network(f"{address}/64", strict=False))


def _wait(connection: Connection, subject: str, free: int, now: float) -> float:
    of_subject = (failures.c.subject == subject) & (failures.c.at > now - WINDOW)
    asked = select(func.count(), func.max(failures.c.at)).where(of_subject)
    count, last = connection.execute(asked).one()
    if count < free:
        return 0.0
    pause: float = min(FIRST_WAIT * 2.0 ** min(count - free, 10), LONGEST_WAIT)
    return max(0.0, float(last) + pause - now)


def tried(connection: Connection, name: str, address: str, now: float) -> list[int]:
    """Count a try, and forget those that do not count any more; its numbers."""
    connection.execute(delete(failures).where(failures.c.at <= now - WINDOW))
    added = [
        connection.execute(insert(failures).values(subject=each, at=now)).inserted_primary_key
        for each in _subjects(name, address)
    ]
    return [key[0] for key in added if key is not None]


def succeeded(connection: Connection, numbers: list[int]) -> None:
    """A try was right: it does not count, nor do those of the same name from there before it."""
    pair = select(failures.c.subject).where(failures.c.id == numbers[0]).scalar_subquery()
    connection.execute(delete(failures).where(failures.c.subject == pair))
    connection.execute(delete(failures).where(failures.c.id.in_(numbers[1:])))


def forgotten(connection: Connection, name: str) -> None:
    """Forget the wrong passwords of a name, from wherever; those of addresses still count."""
    of_name = failures.c.subject == f"name:{name}"
    pairs = failures.c.subject.like("pair:%") & failures.c.subject.endswith(
        f" {name}", autoescape=True
    )
    connection.execute(delete(failures).where(of_name | pairs))
