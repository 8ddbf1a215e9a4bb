"""The errors of the package."""


class CommandError(Exception):
    """A command cannot go on.

    The message says what happened, then the value, then the way out; lower case, no full stop.
    """

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class QuellError(Exception):
    """A statement failed. `error_class` and `sql_state` are Spark's, such as DIVIDE_BY_ZERO and 22012."""

    def __init__(self, message: str, error_class: str = "INTERNAL_ERROR", sql_state: str = "XX000") -> None:
        super().__init__(message)
        self.error_class = error_class
        self.sql_state = sql_state
