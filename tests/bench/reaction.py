"""How soon something said takes effect: a saved setting, a cancelled chat."""

import time
from functools import partial
from pathlib import Path
from statistics import median

from bench.client import DELTA, Client
from bench.place import Place
from bench.relay import PEER, sides
from bench.rows import Row, Sample, Side, Target, in_turn

SAVES = 15
FIRST_SAVES = 15
QUIET_S = 0.5
PAUSE_S, SPREAD_S = 0.15, 0.1
MODELS = ("openai/gpt-5", "openai/gpt-5-mini")
GOLDEN = 0.618
"""Pauses in steps of it fall evenly: a daemon that looks from time to time is not always met at the same moment."""
CANCELS = 15
LIMIT_S = 5.0


def config(place: Place) -> list[Row]:
    """From the end of a save to `passerelle/didChangeConfig`."""
    first_ms: list[float] = []
    for number in range(FIRST_SAVES):
        with place.daemon() as daemon:
            _open(daemon, place.project)
            first_ms.append(_save(daemon, place.project, number))
    with place.daemon() as daemon:
        _open(daemon, place.project)
        later_ms = [_save(daemon, place.project, number) for number in range(FIRST_SAVES, FIRST_SAVES + SAVES)]
    target = Target(60, 30, absolute=True)
    return [
        Row("config saved → in effect, p50", Side(median(later_ms), "ms"), target=target),
        Row("config saved → in effect, first save, p50", Side(median(first_ms), "ms"), target=target),
    ]


def cancel(place: Place) -> list[Row]:
    """From `$/cancelRequest` to the end of the gateway's connection."""
    with sides(place) as (daemon, peer):
        rounds = in_turn(partial(_cancel, place, daemon), partial(_cancel, place, peer), PEER, CANCELS)
    return [rounds.row("cancel → upstream socket closed, p50", "ms", "ms", target=Target(20, 5, absolute=True))]


def _open(daemon: Client, project: Path) -> None:
    daemon.initialize(project)
    daemon.request("passerelle/config", {})
    time.sleep(QUIET_S)


def _save(daemon: Client, project: Path, number: int) -> float:
    """In ms. As editors save: a file beside it takes its place."""
    time.sleep(PAUSE_S + SPREAD_S * (number * GOLDEN % 1))
    new = project / "passerelle.toml.new"
    new.write_text(f'[roles]\nchat = "{MODELS[number % 2]}"\n', "utf-8")
    began_s = time.monotonic()
    new.replace(project / "passerelle.toml")
    return 1e3 * (daemon.notification("passerelle/didChangeConfig").at_s - began_s)


def _cancel(place: Place, client: Client) -> Sample:
    chat = client.chat("held")
    client.notification(DELTA)
    began_s = time.monotonic()
    client.cancel(chat)
    took_s = place.hung_up_after(began_s, LIMIT_S)
    assert took_s is not None, "the gateway's connection stayed open"
    return {"ms": 1e3 * took_s}
