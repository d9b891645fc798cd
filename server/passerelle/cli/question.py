"""What is asked: the prompt, what was piped in, and the files named with `-f`, made into one user message."""

import re
import stat
import sys
from base64 import b64encode
from collections.abc import Sequence
from os import fstat
from pathlib import Path
from threading import Timer
from typing import BinaryIO

from passerelle.cli.ending import CommandFailed
from passerelle.cli.output import say_aside
from passerelle.protocol.chat import FilePart, ImagePart, Part, TextPart, UserMessage

MOST_BYTES = 10_000_000
PATIENCE_S = 2.0
IMAGES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}


def compose(prompt: str, piped: str = "", files: Sequence[Part] = ()) -> UserMessage:
    """The message: files first, then what was piped, the prompt last, where models look for it."""
    texts = [part.text for part in files if isinstance(part, TextPart)]
    others = [part for part in files if not isinstance(part, TextPart)]
    if piped:
        texts.append(fenced("standard input", piped) if prompt or files else piped)
    text = "\n\n".join([*texts, *([prompt] if prompt else [])])
    if not others:
        return UserMessage(content=text)
    return UserMessage(content=[*others, *([TextPart(text=text)] if text else [])])


def fenced(name: str, text: str) -> str:
    """A text with its name, in a fence that nothing in it can end."""
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{name}:\n{fence}\n{text.rstrip(chr(10))}\n{fence}"


def read_prompt(words: Sequence[str]) -> str:
    """The words of the prompt, joined. Raises CommandFailed where the shell passed on bytes that are no text."""
    prompt = " ".join(words)
    if any("\ud800" <= character <= "\udfff" for character in prompt):
        raise CommandFailed("The prompt is not valid UTF-8.")
    return prompt


def read_piped() -> str:
    """What was piped in or redirected from a file; "" from a terminal or a device, which nobody meant to be read."""
    if sys.stdin is None or sys.stdin.isatty():
        return ""
    mode = fstat(sys.stdin.fileno()).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)):
        return ""
    # Whoever started us may have left a pipe open that nobody writes to.
    hint = Timer(PATIENCE_S, say_aside, ["reading standard input; Ctrl-D ends it, `< /dev/null` leaves it out"])
    hint.daemon = True
    hint.start()
    try:
        return as_text(_read(sys.stdin.buffer, "standard input"), "standard input")
    finally:
        hint.cancel()


def read_files(names: Sequence[str]) -> list[Part]:
    """A part for each file: images and PDFs as what they are, all else as text. Raises CommandFailed."""
    return [_read_file(name) for name in names]


def as_text(data: bytes, name: str) -> str:
    """The text that `data` is. Raises CommandFailed where it is none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandFailed(f"{name} is not UTF-8 text (byte {error.start}): convert it first.") from None
    if "\0" in text:
        raise CommandFailed(f"{name} is not text: it holds binary data.")
    return text


def _read_file(name: str) -> Part:
    path = Path(name).expanduser()
    try:
        with path.open("rb") as file:
            data = _read(file, name)
    except OSError as error:
        raise CommandFailed(f"{name}: {error.strerror}.") from None
    suffix = path.suffix.lower()
    if suffix in IMAGES:
        return ImagePart(media_type=IMAGES[suffix], data=b64encode(data).decode())
    if suffix == ".pdf":
        return FilePart(media_type="application/pdf", data=b64encode(data).decode(), name=path.name)
    return TextPart(text=fenced(name, as_text(data, name)))


def _read(file: BinaryIO, name: str) -> bytes:
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise CommandFailed(f"{name} is larger than {MOST_BYTES // 1_000_000} MB: send a part of it.")
    return data
