"""`passerelle/apply`: reads the document, and tells where the code goes. It changes nothing."""

import asyncio
from pathlib import PurePath

from passerelle.chat.attachments import read_document
from passerelle.edits.placing import place
from passerelle.edits.writing import Writer
from passerelle.protocol.apply import ApplyParams, ApplyResult
from passerelle.rpc.session import Session
from passerelle.words.text import Encoding


async def apply(session: Session, params: ApplyParams) -> ApplyResult:
    """`passerelle/apply`"""
    document = await read_document(params.uri, session.desk)
    # Read before the thread starts: the document may change under it.
    text, version = document.text(), document.version
    language = document.language if document.language not in {"", "plaintext"} else PurePath(params.uri).suffix[1:]
    return await asyncio.to_thread(_applied, params, text, language, version, session.encoding)


def _applied(params: ApplyParams, text: str, language: str, version: int | None, encoding: Encoding) -> ApplyResult:
    writer = Writer(text, encoding)
    placement = place(writer.lines, params.code, writer.selection(params.range), language)
    return ApplyResult(edits=writer.edits(placement.hunks), placed=placement.placed, version=version)
