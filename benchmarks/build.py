"""Print how fast a year becomes a model inside HiGHS, beside PyPSA. See README.md."""

from __future__ import annotations

import json

from zeroplant.bench import build

if __name__ == "__main__":
    print(json.dumps(build.run(), indent=2))
