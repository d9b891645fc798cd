"""Who may use the team's LiteLLM proxy, and what it bills them: LiteLLM loads this file.

It stands in for the database that a team has, where keys are made with `/key/generate`: budgets and limits are
LiteLLM's own, and so are the amounts.
"""

import os
import sys

from litellm.integrations.custom_logger import CustomLogger
from litellm.proxy._types import LitellmUserRoles, ProxyException, UserAPIKeyAuth

KEY = os.environ["TEAM_KEY"]
LIMITS: dict[str, dict[str, float]] = {"ada": {}, "bob": {"max_budget": 1e-9}, "eve": {"rpm_limit": 1}}


async def let_in(request: object, api_key: str | None) -> UserAPIKeyAuth:  # noqa: ARG001
    """The person whose key it is."""
    person = (api_key or "").removeprefix(f"{KEY}-")
    if person not in LIMITS:
        raise ProxyException(message="Authentication Error, no such key", type="auth_error", param="", code=401)
    return UserAPIKeyAuth(api_key=api_key, user_id=person, user_role=LitellmUserRoles.INTERNAL_USER, **LIMITS[person])


class _Bill(CustomLogger):
    async def async_log_success_event(self, kwargs: dict[str, object], **_: object) -> None:
        sys.stdout.write(f"BILLED {kwargs['response_cost']}\n")
        sys.stdout.flush()


bill = _Bill()
