"""Stock pygls that relays a chat read with the `openai` SDK, a notification for each delta. The gateway's URL is
named on the command line.
"""

import sys
from importlib import import_module
from typing import Any

from pygls.lsp.server import LanguageServer

server = LanguageServer("openai relay", "1")
# Not imported as a name: the types would be checked only where it is installed.
openai: Any = import_module("openai")
client = openai.AsyncOpenAI(base_url=sys.argv[1], api_key="made-up")


@server.feature("passerelle/chat")
async def chat(peer: LanguageServer, params: Any) -> dict[str, str]:
    messages = [{"role": message.role, "content": message.content} for message in params.messages]
    stream = await client.chat.completions.create(model=params.model, messages=messages, stream=True)
    pieces: list[str] = []
    async with stream:
        async for chunk in stream:
            text = chunk.choices[0].delta.content if chunk.choices else None
            if text:
                delta = {"token": params.token, "seq": len(pieces), "text": text}
                peer.protocol.notify("passerelle/chat/delta", delta)
                pieces.append(text)
    return {"content": "".join(pieces)}


server.start_io()
