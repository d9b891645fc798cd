"""Requests of our own on a warm daemon, against the same answers from stock pygls."""

import time
from functools import partial
from statistics import median

from bench.client import Client
from bench.place import Place
from bench.rows import Row, Sample, Target, in_turn

REQUESTS = 200
TARGETS = {"passerelle/config": Target(0.25, 0.12), "passerelle/status": None}
"""The first only says what it holds, as the peer does; the second works its answer out."""


def roundtrip(place: Place) -> list[Row]:
    return [row for method, target in TARGETS.items() for row in _rows(place, method, target)]


def _rows(place: Place, method: str, target: Target | None) -> list[Row]:
    with place.daemon() as daemon:
        daemon.initialize(place.project)
        answer = place.project / "answer.json"
        answer.write_bytes(daemon.request(method, {}).message.result)
        with place.peer("bare", str(answer)) as bare:
            bare.initialize(place.project)
            sides = partial(_ask, daemon, method), partial(_ask, bare, "bench/answer")
            for warm_up in sides:
                warm_up()
            rounds = in_turn(*sides, "stock pygls")
    size = f"an answer of {answer.stat().st_size:,} bytes; the peer has it ready"
    return [
        rounds.row(f"{method}, round trip p50", "ms", "ms", target=target, notes=[size]),
        rounds.row(f"{method}, CPU a request", "ms", "cpu"),
    ]


def _ask(client: Client, method: str) -> Sample:
    cpu_s, times_s = client.cpu_s, list[float]()
    for _ in range(REQUESTS):
        began_s = time.monotonic()
        times_s.append(client.request(method, {}).at_s - began_s)
    return {"ms": 1e3 * median(times_s), "cpu": 1e3 * (client.cpu_s - cpu_s) / REQUESTS}
