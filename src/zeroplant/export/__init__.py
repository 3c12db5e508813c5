"""The same plant in the language of other programs, so that anyone can check us."""

from zeroplant.export.mps import write_mps
from zeroplant.export.pypsa import to_pypsa

__all__ = ["to_pypsa", "write_mps"]
