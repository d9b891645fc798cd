"""`passerelle lsp`: a daemon for the client at our standard input and output.

Only the front is imported before the first answer; what comes after it is in `rpc.program`.
"""

from collections.abc import Sequence

from passerelle.rpc.front import open_front


def serve(arguments: Sequence[str] = ()) -> int:  # noqa: ARG001  # `--stdio`, which many clients add, is what we do.
    """Serve until the client leaves; returns the exit code. Blocks."""
    opening = open_front(0, 1)
    from passerelle.rpc.program import run  # noqa: PLC0415  # After the first answer.

    return run(opening)
