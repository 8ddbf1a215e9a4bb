"""Where the `quell` program is, which runs SQL."""

import os
import shutil
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def find_binary() -> str:
    """$QUELL_BINARY, else that of the installed package, else the release build of the tree, else one on the path."""
    if binary := os.environ.get("QUELL_BINARY"):
        return binary
    for path in (_PACKAGE / "bin" / "quell", _PACKAGE.parents[1] / "build" / "release" / "quell"):
        if path.exists():
            return str(path)
    if (found := shutil.which("quell")) and not _is_script(found):
        return found
    raise FileNotFoundError("no quell program; run ./dev build, set QUELL_BINARY, or use the engine in process")


def _is_script(path: str) -> bool:
    """The package installs a script of the same name, which looks for the program itself."""
    with Path(path).open("rb") as file:
        return file.read(2) == b"#!"
