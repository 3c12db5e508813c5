"""Print how fast a plant is scheduled window after window, beside PyPSA. See README.md."""

from __future__ import annotations

import json

from zeroplant.bench import rolling

if __name__ == "__main__":
    print(json.dumps(rolling.run(), indent=2))
