"""A gateway's list of models: read and searched."""

import json
import time
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from statistics import median

from bench.place import CATALOGUE, Place
from bench.rows import ROUNDS, Row, Sample, Side, Target, in_turn
from passerelle.catalogue.model import parse_catalogue
from passerelle.catalogue.search import Index

SIZES = (500, 10_000)
QUERIES = ("sonnet 4.5", "gpt mini", "son4", "claude opus", "gemni flash", "qwen3 coder")
"""As people type them, one with a slip; each prefix is a keystroke."""
SHOWN = 50
LOOPS_OF_SMALL = 20


def catalogue(place: Place) -> list[Row]:  # noqa: ARG001  # It runs in this process.
    return [row for models in SIZES for row in _rows(models)]


def _rows(models: int) -> list[Row]:
    body = listing(models)
    loops = max(LOOPS_OF_SMALL * min(SIZES) // models, 1)
    rounds = in_turn(
        partial(_cpu, lambda: parse_catalogue(body), loops),
        partial(_cpu, lambda: json.loads(body), loops),
        "json.loads",
    )
    entries = parse_catalogue(body).entries
    index = Index(entries)
    prepared_ms = _cpu(lambda: Index(entries), 1)["ms"]
    keystrokes_ms = {
        prefix: median(_cpu(partial(index.search, prefix, limit=SHOWN), 1)["ms"] for _ in range(ROUNDS))
        for query in QUERIES
        for prefix in accumulate(query)
    }
    slowest = max(keystrokes_ms, key=keystrokes_ms.__getitem__)
    notes = [
        f"median keystroke {median(keystrokes_ms.values()):.2f} ms; the slowest: “{slowest}”",
        f"made ready for search in {prepared_ms:.0f} ms, in a thread",
    ]
    size = f"{models:,} models, {len(body) / 1e6:.1f} MB"
    return [
        rounds.row(f"{size}: parse", "ms", "ms", target=Target(0.1, 0.06) if models == max(SIZES) else None),
        Row(
            f"{size}: search, slowest keystroke",
            Side(keystrokes_ms[slowest], "ms"),
            target=Target(10, 4, absolute=True),
            notes=notes,
        ),
    ]


def listing(models: int) -> bytes:
    """The recorded language models, repeated under other names until they are so many."""
    recorded = [entry for entry in json.loads(CATALOGUE.read_bytes())["data"] if entry["type"] == "language"]
    rounds = -(-models // len(recorded))
    entries = [{**entry, "id": entry["id"] + (f"-v{n}" if n else "")} for n in range(rounds) for entry in recorded]
    return json.dumps({"object": "list", "data": entries[:models]}).encode()


def _cpu(work: Callable[[], object], loops: int) -> Sample:
    began_s = time.process_time()
    for _ in range(loops):
        work()
    return {"ms": 1e3 * (time.process_time() - began_s) / loops}
