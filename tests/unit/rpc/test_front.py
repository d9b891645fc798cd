"""What the front answers by itself, and what it leaves to a closer look."""

import json

import pytest

from passerelle.rpc.front import read_ordinary

ORDINARY = {
    "processId": 1,
    "rootUri": None,
    "capabilities": {"general": {"positionEncodings": ["utf-8"]}, "workspace": {"x": 1}},
    "initializationOptions": {"passerelle": {"trusted": True, "settings": {}, "secrets": None}, "other": 1},
    "workspaceFolders": [{"uri": "file:///a", "name": "a"}],
    "trace": "off",
}


def message(params: object, **more: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params} | more).encode()


@pytest.mark.parametrize("params", [ORDINARY, {}, {"capabilities": {}}, {"capabilities": None, "processId": None}])
def test_an_ordinary_initialize_is_answered(params: object) -> None:
    ordinary = read_ordinary(message(params, id="a"))

    assert ordinary is not None
    assert json.loads(ordinary.answer)["id"] == "a"
    assert json.loads(ordinary.answer)["result"]["capabilities"]["experimental"]["passerelle"]["protocol"] == 1


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [(["utf-8", "utf-16"], "utf-8"), (["utf-32"], "utf-32"), (["utf-7"], "utf-16"), ([], "utf-16"), (None, "utf-16")],
)
def test_the_first_known_position_encoding_is_chosen(offered: object, chosen: str) -> None:
    ordinary = read_ordinary(message({"capabilities": {"general": {"positionEncodings": offered}}}))

    assert ordinary is not None
    assert json.loads(ordinary.answer)["result"]["capabilities"]["positionEncoding"] == chosen


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 100_000,
        message(None),
        message([]),
        message({"processId": "1"}),
        message({"processId": True}),
        message({"workspaceFolders": [{}]}),
        message({"workspaceFolders": {}}),
        message({"capabilities": []}),
        message({"capabilities": {"general": {"positionEncodings": "utf-8"}}}),
        message({"capabilities": {"textDocument": []}}),
        message({"capabilities": {"textDocument": {"completion": {"completionItem": {"snippetSupport": 1}}}}}),
        message({"initializationOptions": []}),
        message({"initializationOptions": {"passerelle": {"trusted": 1}}}),
        message({"initializationOptions": {"passerelle": {"turst": True}}}),
        message({"initializationOptions": {"passerelle": {"settings": []}}}),
        message(ORDINARY, id=None),
        message(ORDINARY, id=True),
        message(ORDINARY, method="shutdown"),
        "tooLarge",
        "badHeader",
    ],
)
def test_anything_else_is_left_to_a_closer_look(frame: bytes) -> None:
    assert read_ordinary(frame) is None


@pytest.mark.parametrize(
    ("params", "uris"),
    [
        (ORDINARY, ["file:///a"]),
        ({"rootUri": "file:///b"}, ["file:///b"]),
        ({"rootUri": "file:///b", "workspaceFolders": [{"uri": "file:///a"}, {"uri": "x:y"}]}, ["file:///a", "x:y"]),
        ({}, []),
    ],
)
def test_the_folders_are_those_that_the_client_names(params: object, uris: list[str]) -> None:
    ordinary = read_ordinary(message(params))

    assert ordinary is not None
    assert ordinary.folder_uris == uris
