"""What holds for every test: nothing of the machine it runs on may be configured by chance."""

import pytest

FROM_OUTSIDE = (
    "AI_GATEWAY_API_KEY",
    "VERCEL_OIDC_TOKEN",
    "PASSERELLE_CONFIG",
    "PASSERELLE_HOME",
    *(f"{scheme}_proxy" for scheme in ("http", "https", "all", "no")),
    *(f"{scheme}_PROXY" for scheme in ("HTTP", "HTTPS", "ALL", "NO")),
)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FROM_OUTSIDE:
        monkeypatch.delenv(name, raising=False)
