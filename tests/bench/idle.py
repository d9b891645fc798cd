"""What a daemon costs that nobody asks for anything."""

import time

from bench.place import Place
from bench.rows import Row, Side, Target

SETTLE_S = 2.0
WATCHED_S = 10.0


def idle(place: Place) -> list[Row]:
    """CPU time a second, a workspace folder open."""
    with place.daemon() as daemon, place.peer("bare") as bare:
        for client in (daemon, bare):
            client.initialize(place.project)
        daemon.request("passerelle/models", {"limit": 1})
        time.sleep(SETTLE_S)
        ours_s, peer_s = daemon.cpu_s, bare.cpu_s
        time.sleep(WATCHED_S)
        ours_s, peer_s = daemon.cpu_s - ours_s, bare.cpu_s - peer_s
    target = Target(2, 0.5, absolute=True)
    ours, peer = (Side(1e3 * used_s / WATCHED_S, "ms") for used_s in (ours_s, peer_s))
    return [Row("idle: CPU a second", ours, peer, "bare pygls", target=target)]
