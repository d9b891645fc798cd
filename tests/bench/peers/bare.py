"""Stock pygls with one command and one custom method, which answers what the file that is named on the command line
holds.
"""

import json
import sys
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("bare", "1")
ANSWER: object = json.loads(Path(sys.argv[1]).read_bytes()) if sys.argv[1:] else None


@server.command("bench.show")
def show(peer: LanguageServer) -> None:
    peer.window_show_message(types.ShowMessageParams(types.MessageType.Info, "ready"))


@server.feature("bench/answer")
def answer(_peer: LanguageServer, _params: object) -> object:
    return ANSWER


server.start_io()
