"""Where the command `passerelle` begins. `lsp`, which an editor waits for, imports nothing that it does not need."""

import sys


def run() -> int:
    """The console script: its exit code, as `passerelle.cli.ending` lists them."""
    words = sys.argv[1:]
    # Many LSP clients add `--stdio`. Any other word goes the way of the other commands, `--help` too.
    if words[:1] == ["lsp"] and set(words[1:]) <= {"--stdio"}:
        from passerelle.rpc.stdio import serve  # noqa: PLC0415  # Start-up time.

        return serve(words[1:])
    from passerelle.cli.commands import main  # noqa: PLC0415  # Start-up time of `lsp`.

    return main(words)
