"""`passerelle/apply` with the real process: what is read, what is answered, what is refused."""

import pytest

from support.daemon import Home
from support.messages import JsonObject, RpcError, at
from support.rpc_client import RpcClient

pytestmark = pytest.mark.asyncio(loop_scope="module")
APPLY = "passerelle/apply"
TEXT = "def hello():\n    print('hi')\n\n\ndef bye():\n    pass\n"
CODE = "def hello():\n    print('hello')\n"


def span(line: int) -> JsonObject:
    place = {"line": line, "character": 0}
    return {"start": place, "end": place}


EDIT = {
    "range": {"start": {"line": 1, "character": 0}, "end": {"line": 2, "character": 0}},
    "newText": "    print('hello')\n",
}


async def test_the_open_document_is_meant_and_its_version_named(daemon: RpcClient, shared_home: Home) -> None:
    path = shared_home.project / "open.py"
    path.write_text("saved\n", "utf-8")
    daemon.open(path, "unsaved\n")
    document = {"uri": path.as_uri(), "version": 7}
    daemon.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": TEXT}]})

    result = await daemon.request(APPLY, {"uri": path.as_uri(), "code": CODE, "range": span(4)})

    assert result == {"edits": [EDIT], "placed": "replaced", "version": 7}


async def test_a_file_of_the_workspace_is_read_and_not_changed(daemon: RpcClient, shared_home: Home) -> None:
    path = shared_home.project / "disk.py"
    path.write_text(TEXT, "utf-8")

    result = await daemon.request(APPLY, {"uri": path.as_uri(), "code": CODE})

    assert result == {"edits": [EDIT], "placed": "replaced", "version": None}
    assert path.read_text("utf-8") == TEXT


async def test_what_is_there_already_needs_no_edit(daemon: RpcClient, shared_home: Home) -> None:
    path = shared_home.project / "same.py"
    path.write_text(TEXT, "utf-8")

    assert at(await daemon.request(APPLY, {"uri": path.as_uri(), "code": TEXT}), "edits") == []


@pytest.mark.parametrize(
    ("name", "more", "sentence"),
    [
        ("none.py", {}, "uri: there is no file none.py"),
        ("outside.py", {}, "lies outside the workspace folders"),
        ("binary.py", {}, "uri: binary.py is not text in UTF-8"),
        ("short.py", {"range": span(9)}, "range: the document has 2 lines, and no line 9"),
        ("short.py", {"nope": 1}, "`nope`"),
        ("short.py", {"range": {"start": {"line": 0}}}, "$.range.start"),
    ],
)
async def test_what_cannot_be_done_is_refused(
    daemon: RpcClient, shared_home: Home, name: str, more: JsonObject, sentence: str
) -> None:
    (shared_home.project.parent / "outside.py").write_text("x\n")
    (shared_home.project / "binary.py").write_bytes(b"\xff\xfe")
    (shared_home.project / "short.py").write_text("x\n")
    folder = shared_home.project.parent if name == "outside.py" else shared_home.project
    uri = (folder / name).as_uri()

    with pytest.raises(RpcError) as refused:
        await daemon.request(APPLY, {"uri": uri, "code": "y\n", **more})

    assert refused.value.code == -32602
    assert sentence in refused.value.message


async def test_a_huge_document_holds_up_nobody(daemon: RpcClient, shared_home: Home) -> None:
    path = shared_home.project / "huge.py"
    lines = [f"def f{number}():\n    return {number}\n" for number in range(5_000)]
    daemon.open(path, "".join(lines))

    applying = daemon.request(APPLY, {"uri": path.as_uri(), "code": "".join(lines).replace("1\n", "2\n")})
    status = await daemon.request("passerelle/status")

    assert at(status, "state") == "ready"
    assert at(await applying, "placed") == "whole"
