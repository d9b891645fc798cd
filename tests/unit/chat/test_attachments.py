"""Where attached texts are looked for, and where not."""

from pathlib import Path

import pytest

from passerelle.chat.attachments import MAX_BYTES, Desk, read_attachments
from passerelle.chat.context import Attached
from passerelle.chat.documents import Document
from passerelle.protocol.chat import Attachment, DiagnosticsAttachment, FileAttachment
from passerelle.protocol.lsp import Diagnostic, Position, Range
from passerelle.words.failures import InvalidParams
from passerelle.words.uris import to_uri

HERE = Range(start=Position(line=1, character=0), end=Position(line=2, character=0))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.py").write_text("one\ntwo\nthree\n")
    (tmp_path / "outside.txt").write_text("secret")
    return folder


def desk(folder: Path, opened: dict[str, Document] | None = None, shown: list[Diagnostic] | None = None) -> Desk:
    return Desk(folders=[folder], encoding="utf-16", document=(opened or {}).get, published=lambda _: shown or [])


async def test_the_unsaved_document_goes_before_the_file(folder: Path) -> None:
    uri = to_uri(folder / "a.py")

    found = await read_attachments([FileAttachment(uri=uri)], desk(folder, {uri: Document("python", "unsaved")}))

    assert found == [Attached(label="a.py", language="python", text="unsaved")]


async def test_a_file_of_the_folder_is_read_from_disk(folder: Path) -> None:
    found = await read_attachments([FileAttachment(uri=to_uri(folder / "a.py"), range=HERE)], desk(folder))

    assert found == [Attached(label="a.py (line 2)", language="py", text="two\n")]


async def test_a_document_that_is_open_may_be_anywhere(folder: Path) -> None:
    found = await read_attachments(
        [FileAttachment(uri="untitled:Untitled-1")], desk(folder, {"untitled:Untitled-1": Document("text", "x")})
    )

    assert found == [Attached(label="untitled:Untitled-1", language="text", text="x")]


async def test_diagnostics_come_from_the_client_or_from_us(folder: Path) -> None:
    ours = Diagnostic(range=HERE, message="ours", severity=2, source="passerelle")
    theirs = Diagnostic(range=HERE, message="theirs")
    uri = to_uri(folder / "a.py")

    found = await read_attachments(
        [DiagnosticsAttachment(uri=uri, items=[theirs]), DiagnosticsAttachment(uri=uri)], desk(folder, shown=[ours])
    )

    assert [attached.text for attached in found] == ["2:1 error: theirs", "2:1 warning: ours (passerelle)"]


def outside(folder: Path) -> Attachment:
    return FileAttachment(uri=to_uri(folder.parent / "outside.txt"))


def around(folder: Path) -> Attachment:
    return FileAttachment(uri=to_uri(folder) + "/../outside.txt")


def linked(folder: Path) -> Attachment:
    (folder / "link.txt").symlink_to(folder.parent / "outside.txt")
    return FileAttachment(uri=to_uri(folder / "link.txt"))


def missing(folder: Path) -> Attachment:
    return FileAttachment(uri=to_uri(folder / "missing.py"))


def directory(folder: Path) -> Attachment:
    return FileAttachment(uri=to_uri(folder))


def binary(folder: Path) -> Attachment:
    (folder / "binary").write_bytes(b"\xff\x00")
    return FileAttachment(uri=to_uri(folder / "binary"))


def large(folder: Path) -> Attachment:
    (folder / "large").write_bytes(b"x" * (MAX_BYTES + 1))
    return FileAttachment(uri=to_uri(folder / "large"))


def remote(_: Path) -> Attachment:
    return FileAttachment(uri="https://example.com/a.py")


def no_path(folder: Path) -> Attachment:
    return FileAttachment(uri=to_uri(folder) + "/%00")


def unknown_diagnostics(folder: Path) -> Attachment:
    return DiagnosticsAttachment(uri=to_uri(folder / "a.py"))


@pytest.mark.parametrize(
    ("attach", "why"),
    [
        (outside, "outside the workspace folders"),
        (around, "outside the workspace folders"),
        (linked, "outside the workspace folders"),
        (missing, "there is no file missing.py"),
        (directory, "is no file"),
        (binary, "binary is not text in UTF-8"),
        (large, "larger than 10 MiB"),
        (remote, "is no file on this machine"),
        (no_path, "is no path"),
        (unknown_diagnostics, "no diagnostics of a.py are known here"),
    ],
)
async def test_what_cannot_be_attached_is_named(folder: Path, attach: object, why: str) -> None:
    assert callable(attach)
    good = FileAttachment(uri=to_uri(folder / "a.py"))

    with pytest.raises(InvalidParams, match=why) as refused:
        await read_attachments([good, attach(folder)], desk(folder))

    assert refused.value.message.startswith("attachments[1]: ")
    assert "secret" not in refused.value.message
