"""The errors that a command reports in one line."""


class CommandError(Exception):
    """A command cannot go on.

    The message says what happened, then the value, then the way out; lower case, no full stop.
    """

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code
