"""The methods that tell of money, one short function each. What serves them is loaded with the first request."""

from passerelle.protocol.base import Nothing
from passerelle.protocol.money import (
    AllowOnceParams,
    Budgets,
    BudgetsParams,
    Endpoints,
    EndpointsParams,
    ExportedUsage,
    ExportUsageParams,
    UsageParams,
    UsageReport,
)
from passerelle.protocol.state import Credits
from passerelle.rpc.session import Session


async def credits_left(session: Session, params: Nothing) -> Credits:  # noqa: ARG001  # It has none.
    """`passerelle/credits`"""
    from passerelle.daemon import credits as account  # noqa: PLC0415

    return await account.credits_left(session.daemon, session, session.main_folder)


async def usage(session: Session, params: UsageParams) -> UsageReport:
    """`passerelle/usage`"""
    from passerelle.daemon import usage as spending  # noqa: PLC0415

    return await spending.usage(session.daemon, session, session.main_folder, params)


async def export_usage(session: Session, params: ExportUsageParams) -> ExportedUsage:
    """`passerelle/usage/export`"""
    from passerelle.daemon import usage as spending  # noqa: PLC0415

    return await spending.export_usage(session.daemon, session, session.main_folder, params)


async def budgets(session: Session, params: BudgetsParams) -> Budgets:
    """`passerelle/budgets`"""
    from passerelle.daemon import budgets as standing  # noqa: PLC0415

    folder = session.folder_of(params.workspace_folder)
    return await standing.budgets(session.daemon, session, folder, params.conversation)


async def allow_once(session: Session, params: AllowOnceParams) -> Budgets:
    """`passerelle/budgets/allowOnce`"""
    from passerelle.daemon import budgets as standing  # noqa: PLC0415

    folder = session.folder_of(params.workspace_folder)
    return await standing.allow_once(session.daemon, session, folder, params.budget)


async def endpoints(session: Session, params: EndpointsParams) -> Endpoints:
    """`passerelle/endpoints`"""
    from passerelle.daemon import endpoints as providers  # noqa: PLC0415

    return await providers.endpoints(session.daemon, session, session.folder_of(params.workspace_folder), params)
