"""``python -m zeroplant`` is the command line."""

import sys

from zeroplant.cli import main

sys.exit(main())
