"""The studio: a plan one can play with. Sizes, prices and rules move, the year is solved anew."""

from __future__ import annotations

from zeroplant.portal.studio.knobs import Knob, knobs_of, written
from zeroplant.portal.studio.studio import BusyError, Outcome, Studio

__all__ = ["BusyError", "Knob", "Outcome", "Studio", "knobs_of", "written"]
