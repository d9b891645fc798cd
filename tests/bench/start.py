"""Start-up and what a process holds, against a pygls server that does nothing."""

import time
from functools import partial

from bench.client import Client
from bench.place import Place
from bench.rows import Row, Sample, Side, Target, in_turn

SETTLE_S = 2.0
PEER = "bare pygls"


def start(place: Place) -> list[Row]:
    """From the spawn of a process to its first answers."""
    rounds = in_turn(partial(_ours, place), partial(_bare, place), PEER)
    return [
        rounds.row("spawn → initialize answered", "ms", "initialize", target=Target(0.6, 0.08)),
        rounds.row(
            "spawn → first passerelle/models answered",
            "ms",
            "models",
            peer="initialize",
            target=Target(1.1, 0.25),
            notes=["catalogue on disk; the peer: spawn → initialize answered"],
        ),
        rounds.row("spawn → first request that needs pygls answered", "ms", "command", target=Target(1.1, 1.05)),
    ]


def memory(place: Place) -> list[Row]:
    """Resident memory some time after the first answers."""
    with place.daemon() as daemon, place.peer("bare") as bare:
        daemon.initialize(place.project)
        bare.initialize(place.project)
        daemon.request("passerelle/models", {"limit": 1})
        time.sleep(SETTLE_S)
        ours, peer = daemon.rss_mb, bare.rss_mb
        _show_status(daemon)
        time.sleep(SETTLE_S)
        notes = [
            "the target is 74 MB: a quarter of copilot-language-server's 296 MB, measured elsewhere",
            f"{daemon.rss_mb:.0f} MB once a command has loaded pygls",
        ]
    return [Row("RSS, settled", Side(ours, "MB"), Side(peer, "MB"), PEER, ours / peer, None, notes)]


def _ours(place: Place) -> Sample:
    with place.daemon() as daemon:
        initialized_at_s = daemon.initialize(place.project).at_s
        models_at_s = daemon.request("passerelle/models", {"limit": 20}).at_s
    with place.daemon() as other:
        other.initialize(place.project)
        command_at_s = _show_status(other)
    return {
        "initialize": 1e3 * (initialized_at_s - daemon.started_at_s),
        "models": 1e3 * (models_at_s - daemon.started_at_s),
        "command": 1e3 * (command_at_s - other.started_at_s),
    }


def _bare(place: Place) -> Sample:
    with place.peer("bare") as bare:
        initialized_at_s = bare.initialize(place.project).at_s
        command_at_s = bare.request("workspace/executeCommand", {"command": "bench.show"}).at_s
    return {
        "initialize": 1e3 * (initialized_at_s - bare.started_at_s),
        "command": 1e3 * (command_at_s - bare.started_at_s),
    }


def _show_status(daemon: Client) -> float:
    return daemon.request("workspace/executeCommand", {"command": "passerelle.showStatus"}).at_s
