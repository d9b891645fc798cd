"""A client that stops reading in the middle of an answer: whom does it delay, and what does it cost?"""

import time

from bench.client import DELTA, Client
from bench.place import Place
from bench.relay import PEER
from bench.rows import Row, Side, Target

HELD = 12
FLOOD = "paced-1-500-1750-1000"
"""An answer that goes on: 500 times a second 1 kB."""
STALLED_S = 3.0
LIMIT_S = 3.0


def stall(place: Place) -> list[Row]:
    """Chats are cancelled while nobody reads, and the gateway sees it late or never."""
    with place.daemon() as daemon:
        worst_s, grown_mb = _stalled(place, daemon)
    with place.daemon() as daemon:
        read_mb = _read_on(place, daemon)
    with place.peer("openai_relay", place.url) as peer:
        peer_s, _ = _stalled(place, peer)
    given_up = [f"the peer was given up after {LIMIT_S:g} s"] if peer_s >= LIMIT_S else []
    growth = f"grown by {grown_mb:.1f} MB in {STALLED_S:g} s; by {read_mb:.1f} MB where the client reads"
    return [
        Row(
            "stalled client: worst delay of a cancel",
            Side(1e3 * worst_s, "ms"),
            Side(1e3 * peer_s, "ms"),
            PEER,
            target=Target(100, 20, absolute=True),
            notes=given_up,
        ),
        Row(
            "stalled client: queued for 1.5 MB of deltas",
            Side(max(grown_mb - read_mb, 0.0), "MB"),
            target=Target(1, 0.064, absolute=True),
            notes=[growth],
        ),
    ]


def _stalled(place: Place, client: Client) -> tuple[float, float]:
    """The worst delay in seconds, and how much the process has grown."""
    client.initialize(place.project)
    held = [client.chat("held") for _ in range(HELD)]
    for _ in held:
        client.notification(DELTA)
    before_mb, until_s = client.rss_mb, _flood(client)
    worst_s = 0.0
    for number, chat in enumerate(held):
        time.sleep(max(until_s - STALLED_S * (1 - number / HELD) - time.monotonic(), 0))
        began_s = time.monotonic()
        client.cancel(chat)
        took_s = place.hung_up_after(began_s, LIMIT_S)
        if took_s is None:
            return LIMIT_S, client.rss_mb - before_mb
        worst_s = max(worst_s, took_s)
    time.sleep(max(until_s - time.monotonic(), 0))
    return worst_s, client.rss_mb - before_mb


def _read_on(place: Place, client: Client) -> float:
    """How much the process grows by the same answer if it is read."""
    client.initialize(place.project)
    client.deltas_until_answered([client.chat("burst-1")])
    before_mb, until_s = client.rss_mb, _flood(client)
    client.read_until(until_s)
    return client.rss_mb - before_mb


def _flood(client: Client) -> float:
    """Begin the answer; until when it is to be watched."""
    client.chat(FLOOD)
    client.notification(DELTA)
    return time.monotonic() + STALLED_S
