"""Asset kinds, one file each. A file in this folder that defines a kind is found by itself."""

from zeroplant.assets.base import Asset
from zeroplant.assets.findings import Finding
from zeroplant.assets.kinds import chinese, kinds

__all__ = ["Asset", "Finding", "chinese", "kinds"]
