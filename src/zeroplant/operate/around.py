"""What goes on around the loop: forecasts, plans, callers, and what becomes of their orders.

The loop asks for the schedule, orders and troubles, and tells of each cycle (`look`); nothing here
makes it wait. A simulation has the same around its loop, with work done at once instead of beside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from zeroplant.operate.alarms import Condition
from zeroplant.operate.asked import Asked
from zeroplant.operate.decision import Decision
from zeroplant.operate.folder import sweep
from zeroplant.operate.foresight import Foresight
from zeroplant.operate.image import Image
from zeroplant.operate.offers import RATED, Offers
from zeroplant.operate.orders import Order
from zeroplant.operate.owed import Owed
from zeroplant.operate.planning import EXPECTED, Planner, Planning
from zeroplant.operate.price_signals import WithPrices
from zeroplant.operate.recording import Recording
from zeroplant.operate.responses import Responses, planned_at
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.standing import Standing
from zeroplant.operate.today import Today
from zeroplant.operate.worker import Do, at_once

if TYPE_CHECKING:
    from zeroplant.operate.callers import Callers


KEPT = timedelta(days=100)
"""How long schedules stay in their folder; the journal says for ever that there were such."""


class Part(Protocol):
    """Something that goes on around the loop."""

    def stand(self, standing: Standing) -> None:
        """The plant stands for other days from now on."""
        ...

    def look(self, image: Image, decision: Decision) -> None:
        """A cycle was made."""
        ...

    def close(self) -> None:
        """It is over."""
        ...


class Around:
    """Everything around one loop; without ``planner`` the plant rests until it is ordered.

    ``callers`` call on the plant from outside, over lines, and ``called`` gives orders that come
    otherwise; ``commitments`` is the file of what was promised;
    what could be given is worked out every ``rated``; ``do`` is how work that takes a while gets
    done.
    Further ``parts`` are told of each cycle after the schedule was looked after.
    """

    def __init__(
        self,
        recording: Recording | None,
        zone: str,
        *,
        planner: Planner | None = None,
        foresight: Foresight | None = None,
        callers: Callers | None = None,
        called: Callable[[], Sequence[Order]] = tuple,
        nowcast: bool = True,
        commitments: Path | None = None,
        rated: timedelta = RATED,
        do: Do = at_once,
    ) -> None:
        self.foresight, self.callers, self.called = foresight, callers, called
        self.recording, self._do = recording, do
        self._swept: date | None = None
        self._asked, self._looking = Asked(), Asked()
        self._said: dict[str, Sequence[Order]] = {}
        self.ordered: Callable[[], Sequence[Order]] = self.orders
        """Orders of everybody, once there is a loop that knows of persons' too."""
        self.priced = WithPrices(
            lambda: EXPECTED if foresight is None else foresight.newest,
            dict if callers is None else callers.prices,
        )
        self.owed = Owed(recording, zone, file=commitments, orders=self._everybody, do=do)
        self.planning = None
        if planner is not None:
            self.planning = Planning(
                planner, recording, self.priced, lambda _: self.owed.newest, nowcast=nowcast
            )
        self.responses = None if recording is None else Responses(recording, zone, do=do)
        self.parts: list[Part] = [] if recording is None else [Today(recording, do=do)]
        self.offers: Offers | None = None
        if recording is not None and foresight is not None:
            self.offers = Offers(
                recording, zone, self.owed, schedule=self.schedule, forecasts=self.priced,
                ahead=foresight.ahead, every=rated, do=do,
            )  # fmt: skip
            self.parts.append(self.offers)

    def stand(self, standing: Standing) -> None:
        """The plant stands for other days from now on."""
        if self.foresight is not None:
            self.foresight.stand(standing)
        self.priced.stand(standing.network)
        if self.planning is not None:
            self.planning.stand(standing)
        if self.responses is not None:
            self.responses.stand(standing.network)
        self.owed.stand(standing)
        for part in self.parts:
            part.stand(standing)

    def schedule(self) -> Schedule | None:
        """The schedule in force."""
        return None if self.planning is None else self.planning.schedule

    def newest(self) -> Schedule | None:
        """The newest schedule, which may begin in a minute: what a controller is to go on with."""
        return None if self.planning is None else self.planning.newest

    def orders(self) -> Sequence[Order]:
        """What others than persons have ordered; of one that fails, what it said last.

        The fail-safe limit is asked for apart: whatever else fails, it holds.
        """
        sources: dict[str, Callable[[], Sequence[Order]]] = {"orders": self.called}
        if self.callers is not None:
            sources |= {
                "dispatch centre": self.callers.commanded,
                "demand response": self.callers.events,
                "fail-safe limit": self.callers.limits,
            }
        for name, call in sources.items():
            self._said[name] = self._asked.ask(name, call, self._said.get(name, ()))
        return [order for name in sources for order in self._said[name]]

    def _everybody(self) -> Sequence[Order]:
        """Orders of others and of persons; who knows of those comes after this was made."""
        return self.ordered()

    def troubles(self) -> list[Condition]:
        """What is wrong around the loop."""
        sources: dict[str, Callable[[], Sequence[Condition]]] = {"promises": self.owed.troubles}
        if self.planning is not None:
            sources["planning"] = self.planning.troubles
        if self.callers is not None:
            sources["callers"] = self.callers.troubles
        nothing: Sequence[Condition] = ()
        found = [self._asked.ask(name, call, nothing) for name, call in sources.items()]
        return [*chain(*found), *self._asked.troubles(), *self._looking.troubles()]

    def look(self, image: Image, decision: Decision) -> None:
        """A cycle was made. One part that fails is an alarm; the others go on."""
        looks: dict[str, Callable[[], None]] = {
            "old schedules": lambda: self._sweep(image),
            "forecasts": lambda: self._foresee(image),
            "promises": lambda: self.owed.look(image, decision),
            "planning": lambda: self._plan(image, decision),
            "responses": lambda: self._respond(image),
            "callers": lambda: self._publish(image, decision),
        }
        for part in self.parts:
            looks[type(part).__name__.lower()] = partial(part.look, image, decision)
        for name, look in looks.items():
            self._looking.ask(name, look, None)

    def _sweep(self, image: Image) -> None:
        if self.recording is not None and image.at.date() != self._swept:
            self._swept = image.at.date()
            self._do(partial(sweep, self.recording.folder.schedules, image.at - KEPT))

    def _foresee(self, image: Image) -> None:
        if self.foresight is not None:
            self.foresight.look(image.at)

    def _plan(self, image: Image, decision: Decision) -> None:
        if self.planning is not None:
            self.planning.look(image, decision)

    def _respond(self, image: Image) -> None:
        if self.responses is not None:
            self.responses.look(image.at, self.orders(), self.schedule())

    def _publish(self, image: Image, decision: Decision) -> None:
        if self.callers is not None:
            self.callers.publish(image, {"plant.export": decision.exchange})
            self.callers.planned = planned_at(self.schedule(), image.at)
            self.report()

    def report(self) -> None:
        """Have callers told what came of their events."""
        if self.callers is not None and self.responses is not None:
            self.callers.report(self.responses.finished())

    def close(self) -> None:
        """It is over."""
        if self.planning is not None:
            self.planning.close()
        if self.responses is not None:
            self.responses.close()
        for part in self.parts:
            part.close()
