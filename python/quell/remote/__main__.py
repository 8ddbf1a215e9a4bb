"""`python -m quell.remote`, which the `quell` command starts."""

import os

from quell.remote.serve import main

if __name__ == "__main__":
    # At its end the interpreter would wait for PySpark's threads, which may themselves wait for a server that is gone.
    os._exit(main())
