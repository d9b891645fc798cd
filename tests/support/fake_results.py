"""Results as the daemon sends them, for scripts of the fake one."""

from collections.abc import Mapping

from support.fake_daemon import Json, Step

MODEL = "anthropic/claude-sonnet-4.5"


def delta(seq: int, text: str) -> Step:
    """The step that sends a piece of the answer to the chat that is being served."""
    return {"notify": ["passerelle/chat/delta", {"token": "", "seq": seq, "text": text}]}


def reasoning(seq: int, text: str) -> Step:
    return {"notify": ["passerelle/chat/delta", {"token": "", "seq": seq, "reasoning": text}]}


def answer(*pieces: str, **more: object) -> list[Step]:
    """The steps of a whole answer."""
    return [*(delta(seq, text) for seq, text in enumerate(pieces)), {"result": chat_result("".join(pieces), **more)}]


def chat_result(text: str, **more: object) -> Json:
    return {
        "message": {"role": "assistant", "content": text},
        "finish": "stop",
        "model": MODEL,
        "provider": "bedrock",
        "generation": "gen_1",
        "usage": {
            "inputTokens": 1300,
            "outputTokens": 34,
            "cachedTokens": 1000,
            "cacheWriteTokens": 0,
            "reasoningTokens": 0,
        },
        "cost": {"usd": 0.0032, "source": "gateway"},
        "timings": {"firstDeltaMs": 812, "totalMs": 1500},
        **more,
    }


def status(**more: object) -> Json:
    return {
        "state": "ready",
        "message": "Ready.",
        "gateway": {"name": "vercel", "url": "https://ai-gateway.vercel.sh/v1", "key": "env:AI_GATEWAY_API_KEY"},
        "roles": {"chat": {"model": MODEL, "source": "default"}},
        "catalogue": {"total": 2, "fetchedAt": "2026-11-20T12:00:00Z", "source": "disk"},
        "daemon": {"version": "0", "pid": 1, "uptimeMs": 1, "rssBytes": 1, "connections": 1},
        "problems": [],
        "spent": {"requests": 0, "costUsd": 0.0, "estimatedUsd": 0.0, "unknown": 0},
        "today": {"requests": 0, "costUsd": 0.0, "estimatedUsd": 0.0},
        **more,
    }


def model(id_: str, **more: object) -> Json:
    return {
        "id": id_,
        "name": id_.partition("/")[2].replace("-", " ").title(),
        "creator": id_.partition("/")[0],
        "description": "",
        "releasedAt": None,
        "contextWindow": 200_000,
        "maxOutput": 64_000,
        "capabilities": ["vision", "tools"],
        "price": {"input": 3.0, "output": 15.0, "cacheRead": None, "cacheWrite": None},
        **more,
    }


def models(*found: Json, **more: object) -> Mapping[str, object]:
    return {
        "models": list(found),
        "total": len(found),
        "fetchedAt": "2026-11-20T12:00:00Z",
        "source": "live",
        "roles": {"chat": {"model": MODEL, "source": "default"}},
        **more,
    }


def usage_sum(cost_usd: float, **more: object) -> Json:
    return {
        "requests": 12,
        "attempts": 12,
        "errors": 0,
        "inputTokens": 48_000,
        "outputTokens": 3100,
        "cachedTokens": 30_000,
        "cacheWriteTokens": 4000,
        "reasoningTokens": 0,
        "costUsd": cost_usd,
        "estimatedUsd": 0.0,
        "savedUsd": 0.078,
        "unknown": 0,
        "firstDeltaMs": {"p50": 640.0, "p95": 1900.0},
        "totalMs": {"p50": 4100.0, "p95": 15_200.0},
        **more,
    }


def usage_report(rows: Mapping[str, float], **total: object) -> Json:
    """A report with a row for each key and its cost."""
    return {
        "rows": [usage_sum(cost_usd, key=key) for key, cost_usd in rows.items()],
        "total": usage_sum(sum(rows.values()), **({} if rows else {"requests": 0, "attempts": 0}), **total),
        "since": None,
        "until": None,
        "suggestions": {"shown": 0, "accepted": 0, "costUsd": 0.0},
    }


def budget(**more: object) -> Json:
    return {
        "key": "budgets.0",
        "per": "day",
        "usd": 5.0,
        "action": "stop",
        "roles": [],
        "models": [],
        "spentUsd": 4.2,
        "inFlightUsd": 0.0,
        "state": "near",
        "resetsAt": "2026-11-24T00:00:00Z",
        "source": "user",
        "path": "/u/config.toml",
        "line": 12,
        **more,
    }


def endpoint(provider: str, **more: object) -> Json:
    return {
        "provider": provider,
        "price": {"input": 3.0, "output": 15.0, "cacheRead": 0.3, "cacheWrite": None},
        "contextWindow": 200_000,
        "maxOutput": 64_000,
        "quantization": None,
        "up": True,
        "latencyMs": {"p50": 650.0, "p95": 1900.0},
        "throughputTps": {"p50": 71.2, "p95": 120.0},
        "uptime": {"last15m": 100.0, "lastHour": 99.9, "lastDay": 99.8},
        "implicitCaching": False,
        **more,
    }
