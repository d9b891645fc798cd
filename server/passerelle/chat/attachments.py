"""Reads what a client attached: the open, unsaved document first, from disk only inside a workspace folder."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from passerelle.chat.context import Attached
from passerelle.chat.documents import Document
from passerelle.protocol.chat import Attachment, DiagnosticsAttachment
from passerelle.protocol.lsp import Diagnostic, Range
from passerelle.words.failures import InvalidParams
from passerelle.words.text import Encoding
from passerelle.words.uris import is_inside, to_path

MAX_BYTES = 10 * 1024 * 1024
LONGEST_LABEL = 300
SEVERITIES = {1: "error", 2: "warning", 3: "information", 4: "hint"}


class Desk(Struct, frozen=True, kw_only=True):
    """What a client has before it: where attachments are looked for."""

    folders: Sequence[Path]
    encoding: Encoding
    document: Callable[[str], Document | None]
    published: Callable[[str], Sequence[Diagnostic]]


async def read_attachments(attachments: Sequence[Attachment], desk: Desk) -> list[Attached]:
    """The texts, in their order. Raises InvalidParams naming the one that cannot be read, and why."""
    found: list[Attached] = []
    for number, attachment in enumerate(attachments):
        try:
            found.append(await _read(attachment, desk))
        except _UnreadableError as error:
            raise InvalidParams(f"attachments[{number}]: {error}") from None
    return found


async def read_document(uri: str, desk: Desk) -> Document:
    """One document, as an attachment is read. Raises InvalidParams that says why it cannot be read."""
    try:
        return desk.document(uri) or await _from_disk(uri, _label(uri, desk.folders), desk)
    except _UnreadableError as error:
        raise InvalidParams(f"uri: {error}") from None


class _UnreadableError(Exception):
    """Why, as the end of a sentence."""


async def _read(attachment: Attachment, desk: Desk) -> Attached:
    label = _label(attachment.uri, desk.folders)
    if isinstance(attachment, DiagnosticsAttachment):
        items = attachment.items or desk.published(attachment.uri)
        if not items:
            raise _UnreadableError(f"no diagnostics of {label} are known here; send them in `items`")
        return Attached(label=f"Diagnostics of {label}", language="text", text="\n".join(map(_line, items)))
    document = desk.document(attachment.uri) or await _from_disk(attachment.uri, label, desk)
    if attachment.range is None:
        return Attached(label=label, language=document.language, text=document.text())
    text = document.text_in(attachment.range, desk.encoding)
    return Attached(label=f"{label} ({_lines(attachment.range)})", language=document.language, text=text)


async def _from_disk(uri: str, label: str, desk: Desk) -> Document:
    path = to_path(uri)
    if path is None:
        raise _UnreadableError(f"{label} is not open, and it is no file on this machine")
    try:
        return Document(path.suffix[1:], await asyncio.to_thread(_text_inside, path, desk.folders))
    except FileNotFoundError:
        raise _UnreadableError(f"there is no file {label}") from None
    except UnicodeDecodeError:
        raise _UnreadableError(f"{label} is not text in UTF-8") from None
    except ValueError:
        raise _UnreadableError(f"{label} is no path") from None
    except OSError as error:
        raise _UnreadableError(f"{label} cannot be read ({error.strerror})") from None


def _text_inside(path: Path, folders: Sequence[Path]) -> str:
    """The file's text. Links are followed before it is asked where the file lies."""
    real = path.resolve(strict=True)
    if not any(is_inside(real, folder.resolve()) for folder in folders):
        raise _UnreadableError(f"{path} lies outside the workspace folders; open it in the editor to attach it")
    if not real.is_file():
        raise _UnreadableError(f"{path} is no file")
    with real.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _UnreadableError(f"{path} is larger than {MAX_BYTES // 1024 // 1024} MiB; attach a part of it")
    return content.decode()


def _label(uri: str, folders: Sequence[Path]) -> str:
    """The path from its workspace folder on, else the whole; an absurdly long one is cut."""
    path = to_path(uri)
    if path is None:
        return uri[:LONGEST_LABEL]
    folder = next((folder for folder in folders if is_inside(path, folder)), None)
    return (path.relative_to(folder) if folder else path).as_posix()[:LONGEST_LABEL]


def _lines(span: Range) -> str:
    """Counted from 1, as editors show them; an end at a line's beginning belongs to the line before."""
    first, last = span.start.line + 1, span.end.line + 1
    if span.end.character == 0 and last > first:
        last -= 1
    return f"line {first}" if first == last else f"lines {first} to {last}"


def _line(item: Diagnostic) -> str:
    start = item.range.start
    source = f" ({item.source})" if item.source else ""
    return (
        f"{start.line + 1}:{start.character + 1} {SEVERITIES.get(item.severity or 1, 'error')}: {item.message}{source}"
    )
