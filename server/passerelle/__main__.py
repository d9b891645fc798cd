"""`python -P -m passerelle`: the same as the command `passerelle`."""

import sys

from passerelle.cli.main import run

sys.exit(run())
