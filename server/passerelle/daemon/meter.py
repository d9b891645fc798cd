"""Counts the attempts of one request in the ledger: written before each is sent, completed when it is over."""

import secrets
import time
from collections.abc import Sequence

from passerelle.daemon.asking import Asking
from passerelle.daemon.client import Client
from passerelle.daemon.core import Daemon
from passerelle.daemon.result import ended, failed_attempt
from passerelle.gateway.errors import TimedOut
from passerelle.gateway.http import Call
from passerelle.gateway.target import origin
from passerelle.money.budget import Check, Verdict, budget_limit, budget_reached, budget_warning, checks_for, decide
from passerelle.money.price import estimate_usd
from passerelle.money.records import AttemptBegun, Standing
from passerelle.words.failures import Failure

UNSENT = frozenset({"unreachable", "misconfigured"})
"""Of these the gateway has seen nothing."""


class Meter:
    """A chat.relay.Meter: one for each model that is asked."""

    def __init__(self, daemon: Daemon, client: Client, asking: Asking, request: str) -> None:
        self._daemon = daemon
        self._client = client
        self._asking = asking
        self._request = request
        self._key = ""  # Of the attempt that may be on its way.

    async def begin(self) -> Call:
        """Raises Failure `budgetReached`."""
        checks = self._checks()
        key = secrets.token_hex(12)
        verdict = await self._daemon.ledger.begin(
            self._attempt(key), [check.filter for check in checks], lambda standings: self._decide(checks, standings)
        )
        if verdict.stopped_by is not None:
            raise budget_reached(*verdict.stopped_by)
        self._key = key
        for check, standing in verdict.warned:
            self._warn(check, standing)
        if verdict.limited_by is not None and verdict.max_tokens is not None:
            self._asking.limit = budget_limit(*verdict.limited_by, verdict.max_tokens)
        return self._asking.call(verdict.max_tokens)

    def heard(self, generation: str) -> None:
        """Write down by which id the gateway knows it."""
        self._daemon.ledger.heard(self._key, generation)

    async def end(self, failure: Failure | None) -> None:
        """Complete its row; of what never left there is none. What came to nothing is told with the answer."""
        key, self._key = self._key, ""
        if failure is not None and not self._asking.relayed.is_shown:
            self._asking.failed.append(failed_attempt(self._asking, failure))
        if _was_sent(failure):
            self._asking.sent += 1
            self._daemon.settling.attempt_ended()
            await self._daemon.ledger.end(key, ended(self._asking, failure))
        else:
            await self._daemon.ledger.dismiss(key)
        if (problem := self._daemon.ledger.problem) is not None and self._daemon.is_news(problem):
            self._client.warn(problem)

    def break_off(self) -> None:
        """Complete its row, if one is open: in a task of the daemon's, for our own ends now."""
        key, self._key = self._key, ""
        if key:
            self._daemon.settling.attempt_ended()
            end = self._daemon.ledger.end(key, ended(self._asking, None, cancelled=True))
            self._daemon.tasks.start(end, name="end of an attempt")

    def _checks(self) -> Sequence[Check]:
        asking = self._asking
        return checks_for(
            asking.reached.scope.effective,
            role=asking.wanted.role,
            model=asking.candidate.model,
            workspace=asking.reached.workspace,
            conversation=asking.wanted.conversation,
            now_s=time.time(),
        )

    def _decide(self, checks: Sequence[Check], standings: Sequence[Standing]) -> Verdict:
        """On the ledger's thread, one request after another: so a permit serves one of them, with all its attempts."""
        asking, permits = self._asking, self._daemon.permits
        granted = asking.permits | {check.permit for check in checks if check.permit in permits}
        verdict = decide(checks, standings, asking.candidate.bound, granted)
        try:
            permits.use(verdict.used_permits)
        except OSError:  # What cannot be taken back would serve for ever: it serves nobody.
            return decide(checks, standings, asking.candidate.bound, asking.permits)
        asking.permits.update(verdict.used_permits)
        return verdict

    def _attempt(self, key: str) -> AttemptBegun:
        reached, wanted, candidate = self._asking.reached, self._asking.wanted, self._asking.candidate
        target, prompt, entry = reached.scope.target, self._asking.prompt, candidate.entry
        tier = candidate.request.routing.service_tier
        return AttemptBegun(
            key=key,
            request=self._request,
            number=self._asking.sent + 1,
            at_s=time.time(),
            gateway=target.name,
            origin=origin(target.url),
            key_reference=next(map(str, reached.access.references), None),
            model=candidate.model,
            role=wanted.role,
            client=reached.client,
            workspace=reached.workspace,
            conversation=wanted.conversation,
            input_tokens=prompt.input_tokens,
            prompt_usd=None if entry is None else estimate_usd(prompt, entry.pricing, tier),
            bound_usd=None,
        )

    def _warn(self, check: Check, standing: Standing) -> None:
        """In each answer, and once a period in a window."""
        sentence = budget_warning(check, standing)
        self._asking.warnings.append(sentence)
        if self._daemon.is_news((check.key, check.filter)):
            self._client.warn(sentence)


def _was_sent(failure: Failure | None) -> bool:
    if isinstance(failure, TimedOut):
        return failure.limit != "connect_s"
    return failure is None or failure.kind not in UNSENT
