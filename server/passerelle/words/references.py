"""Secret references: where a key is to be found. A reference may be shown, logged and sent; its value never."""

import re
from typing import Literal, NamedTuple

Scheme = Literal["env", "file", "cmd", "keyring", "editor"]
SCHEMES: tuple[Scheme, ...] = ("env", "file", "cmd", "keyring", "editor")
_FORM = re.compile(r"(env|file|cmd|keyring|editor):(\S(?:.*\S)?)", re.DOTALL)


class Reference(NamedTuple):
    """`env:NAME`, `file:PATH`, `cmd:PROGRAM ARGS`, `keyring:NAME` or `editor:NAME`."""

    scheme: Scheme
    name: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.name}"


def parse_reference(text: str) -> Reference | None:
    """The reference that `text` is; None if it is none, and then it may well be a secret: do not repeat it."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        return None
    scheme: Scheme = next(scheme for scheme in SCHEMES if scheme == match[1])
    return Reference(scheme, match[2])
