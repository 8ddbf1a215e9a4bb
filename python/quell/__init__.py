"""Quell: a batch engine that runs Spark SQL in one process, inside a memory limit."""

from typing import TYPE_CHECKING, Any

from quell.errors import QuellError

if TYPE_CHECKING:
    from quell.session import Result, Session

__version__ = "0.1.0"
__all__ = ["QuellError", "Result", "Session", "__version__"]


def __getattr__(name: str) -> Any:
    # The engine is loaded by those who use it: commands such as datagen start without it.
    if name in ("Result", "Session"):
        from quell import session

        return getattr(session, name)
    raise AttributeError(f"module 'quell' has no attribute {name!r}")
