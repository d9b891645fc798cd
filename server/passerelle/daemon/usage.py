"""What a client is told of the ledger: reports of what was spent, and the rows themselves."""

import time
from datetime import tzinfo
from pathlib import Path

from passerelle.daemon.client import Client
from passerelle.daemon.core import Daemon
from passerelle.money.period import day_of, moment_s, zone_of
from passerelle.protocol.money import ExportedUsage, ExportUsageParams, UsageParams, UsageReport
from passerelle.words.failures import InvalidParams


async def usage(daemon: Daemon, client: Client, folder: Path | None, params: UsageParams) -> UsageReport:
    """What was spent, in groups. Raises InvalidParams for a day that is none."""
    from passerelle.money.report import Question, report  # noqa: PLC0415  # Not at the start.

    zone = _zone(client, folder)
    question = Question(
        since_s=_moment_s("since", params.since, zone),
        until_s=_moment_s("until", params.until, zone),
        group_by=params.group_by or "day",
        split_by=params.split_by,
        zone=zone,
        now_s=time.time(),
    )
    return await daemon.ledger.read(lambda connection: report(connection, question))


async def export_usage(daemon: Daemon, client: Client, folder: Path | None, params: ExportUsageParams) -> ExportedUsage:
    """The rows. Raises InvalidParams for a day that is none."""
    from passerelle.money.export import export  # noqa: PLC0415  # Not at the start.

    zone = _zone(client, folder)
    since_s, until_s = _moment_s("since", params.since, zone), _moment_s("until", params.until, zone)
    text, rows = await daemon.ledger.read(
        lambda connection: export(connection, params.format, since_s=since_s, until_s=until_s)
    )
    return ExportedUsage(name=f"passerelle-usage-{day_of(time.time(), zone)}.{params.format}", text=text, rows=rows)


def _zone(client: Client, folder: Path | None) -> tzinfo | None:
    return zone_of(client.effective(folder).config.spending.time_zone)


def _moment_s(field: str, said: str | None, zone: tzinfo | None) -> float | None:
    try:
        return None if said is None else moment_s(said, zone)
    except (ValueError, OSError):  # OSError: of moments that Windows does not have.
        raise InvalidParams(f"{field}: expected a day such as 2026-11-20, or a moment in ISO 8601") from None
