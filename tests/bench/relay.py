"""Streams through the daemon, against the `openai` SDK with pygls, and against sockets that nobody decodes."""

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median, quantiles

from bench import sockets
from bench.client import Client
from bench.gateway import PIECE
from bench.place import Place
from bench.rows import Rounds, Row, Sample, Target, in_turn, number

BURST = 20_000
RATE = 100
PACED_S = 1.5
STREAMS = (1, 20, 50)
PEER = "openai + pygls"
_STAMP = re.compile(rb"\d{20}")


def burst(place: Place) -> list[Row]:
    """One stream, as fast as it can be had."""
    with sides(place) as (daemon, peer):
        for client in (daemon, peer):
            client.deltas_until_answered([client.chat("burst-300")])
        rounds = in_turn(partial(_burst, daemon), partial(_burst, peer), PEER)
    raw = rounds.beside([sockets.burst(place.port, f"burst-{BURST}", BURST) for _ in rounds.samples], "raw socket")
    return [
        rounds.row("burst: CPU a delta", "µs", "cpu", target=Target(0.12, 0.03)),
        raw.row("burst: CPU a delta", "µs", "cpu"),
        rounds.row("burst: deltas a second (more is better)", "/s", "rate"),
        raw.row("burst: deltas a second (more is better)", "/s", "rate"),
    ]


def paced(place: Place) -> list[Row]:
    """Streams at the pace of a quick model."""
    rows: list[Row] = []
    with sides(place) as (daemon, peer):
        for streams in STREAMS:
            rounds = in_turn(partial(_paced, daemon, streams), partial(_paced, peer, streams), PEER)
            rows += _paced_rows(rounds, streams, _times(sockets.paced(place.port, [_model(streams)] * streams)))
    return rows


@contextmanager
def sides(place: Place) -> Iterator[tuple[Client, Client]]:
    with place.daemon() as daemon, place.peer("openai_relay", place.url) as peer:
        for client in (daemon, peer):
            client.initialize(place.project)
        yield daemon, peer


def _burst(client: Client) -> Sample:
    cpu_s, began_s = client.cpu_s, time.monotonic()
    deltas = client.deltas_until_answered([client.chat(f"burst-{BURST}")])
    took_s = time.monotonic() - began_s
    came = sum(bytes(delta.message.params).count(PIECE.encode()) for delta in deltas)
    assert came == BURST, f"{came} of {BURST} deltas came"
    return {"cpu": 1e6 * (client.cpu_s - cpu_s) / BURST, "rate": BURST / took_s}


def _paced(client: Client, streams: int) -> Sample:
    cpu_s = client.cpu_s
    deltas = client.deltas_until_answered([client.chat(_model(streams)) for _ in range(streams)])
    cpu_s = client.cpu_s - cpu_s
    return {
        **_times((delta.at_s, bytes(delta.message.params)) for delta in deltas),
        "cpu": 1e6 * cpu_s / _sent(streams),
    }


def _times(arrivals: Iterable[tuple[float, bytes]]) -> Sample:
    """How late the stamps in these bytes were, in ms, and which share was late when the last was sent."""
    pairs = [(at_s, int(stamp) / 1e9) for at_s, data in arrivals for stamp in _STAMP.findall(data)]
    late_ms = [1e3 * (at_s - sent_s) for at_s, sent_s in pairs]
    last_sent_s = max(sent_s for _, sent_s in pairs)
    behind = sum(at_s > last_sent_s for at_s, _ in pairs) / len(pairs)
    return {"p50": median(late_ms), "p99": quantiles(late_ms, n=100)[98], "behind": 100 * behind}


def _paced_rows(rounds: Rounds, streams: int, raw: Sample) -> list[Row]:
    name = f"{streams} × {RATE} deltas/s"
    p99 = [f"{number(median(side))} ms" for side in (rounds.ours("p99"), rounds.peer("p99"))]
    note = f"p99: ours {p99[0]}, peer {p99[1]}; raw sockets: p50 {number(raw['p50'])} ms, p99 {number(raw['p99'])} ms"
    rows = [
        rounds.row(f"{name}: added latency p50", "ms", "p50", notes=[note]),
        rounds.row(f"{name}: CPU a delta", "µs", "cpu", target=Target(0.65, 0.3) if streams == 20 else None),
    ]
    if streams == max(STREAMS):
        target = Target(7, 1, absolute=True)
        rows.append(rounds.row(f"{name}: not kept up with", "%", "behind", target=target))
    return rows


def _model(streams: int) -> str:
    return f"paced-{streams}-{RATE}-{round(RATE * PACED_S)}-0"


def _sent(streams: int) -> int:
    return streams * round(RATE * PACED_S)
