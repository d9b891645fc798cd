"""How a command ends: its exit code, and the one line that says why. It decides nothing and prints nothing."""

DONE = 0
FAILED = 1
USAGE = 2
INTERRUPTED = 130


class CommandFailed(Exception):
    """A command that cannot do what was asked; the message is the one line on stderr and says what to do next."""

    def __init__(self, message: str, *, exit_code: int = FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code
