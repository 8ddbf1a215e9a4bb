"""`python -m quell` is the same as the `quell` script."""

import sys

from quell.cli import main

if __name__ == "__main__":
    sys.exit(main())
