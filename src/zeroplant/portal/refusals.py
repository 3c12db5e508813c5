"""Which refusals are written into the diary: each once a minute, and not without end.

Every record of the diary is chained and brought to the disk. A script that asks each second for
what it may not see would write tens of thousands a day; the service's log has every request.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

AGAIN = timedelta(minutes=1)
"""After which the same refusal is written down anew."""
MOST = 20
"""Different ones of a person within that time."""
LONGEST = 200
"""Characters of a path that are kept."""


class Refusals:
    """What people were refused lately; for many threads at once."""

    def __init__(self) -> None:
        self._lately: dict[str, dict[str, datetime]] = {}
        self._looking = Lock()

    def is_news(self, who: str, path: str, now: datetime) -> bool:
        """Whether it has to be written down that somebody was refused this; asked once for each."""
        with self._looking:
            before = self._lately.get(who, {})
            lately = {each: at for each, at in before.items() if abs(now - at) < AGAIN}
            news = path not in lately and len(lately) < MOST
            if news:
                lately[path] = now
            self._lately[who] = lately
            return news
