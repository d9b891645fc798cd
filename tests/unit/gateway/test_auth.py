import pytest

from passerelle.gateway.auth import Access, grant, key_reference
from passerelle.gateway.target import Target
from passerelle.words.failures import Failure
from passerelle.words.references import Reference

API_KEY, TOKEN = Reference("env", "AI_GATEWAY_API_KEY"), Reference("env", "VERCEL_OIDC_TOKEN")
OWN = Reference("keyring", "work")
VERCEL_URL = "https://ai-gateway.vercel.sh/v1"


@pytest.mark.parametrize(
    ("target", "environ", "reference"),
    [
        (Target(name="vercel", url=VERCEL_URL), {"AI_GATEWAY_API_KEY": "wrong", "VERCEL_OIDC_TOKEN": "t"}, API_KEY),
        (Target(name="vercel", url=VERCEL_URL), {"VERCEL_OIDC_TOKEN": "t"}, TOKEN),
        (Target(name="vercel", url=VERCEL_URL), {"AI_GATEWAY_API_KEY": "", "VERCEL_OIDC_TOKEN": "t"}, TOKEN),
        (Target(name="vercel", url=VERCEL_URL), {}, API_KEY),
        (Target(name="vercel", url=VERCEL_URL, key=OWN), {"AI_GATEWAY_API_KEY": "k"}, OWN),
        (Target(name="vercel", url="http://127.0.0.1:1/v1"), {"AI_GATEWAY_API_KEY": "k"}, API_KEY),
        (Target(name="mine", url="https://ai-gateway.vercel.sh/coding-agent/v1"), {}, API_KEY),
        (Target(name="offline", url="http://127.0.0.1:1/v1", vercel=True), {"AI_GATEWAY_API_KEY": "k"}, None),
        (Target(name="work", url="https://ai-gateway.vercel.sh.evil/v1"), {"AI_GATEWAY_API_KEY": "k"}, None),
        (Target(name="work", url="https://llm.example.com/v1"), {"AI_GATEWAY_API_KEY": "k"}, None),
    ],
)
def test_vercels_keys_go_to_vercel_only(target: Target, environ: dict[str, str], reference: Reference | None) -> None:
    assert key_reference(target, environ) == reference


async def read(reference: Reference) -> str:
    return f"value of {reference}"


async def test_headers_carry_the_key_and_what_headers_refer_to() -> None:
    target = Target(
        name="work",
        url="https://llm.example.com/v1",
        key=OWN,
        headers={"X-Team": "a", "X-Token": "env:TOKEN"},
    )

    access = await grant(target, {}, read)

    assert access == Access(
        headers={"authorization": "Bearer value of keyring:work", "x-team": "a", "x-token": "value of env:TOKEN"},
        secrets=("value of keyring:work", "value of env:TOKEN"),
        references=(OWN, Reference("env", "TOKEN")),
    )
    assert "value" not in repr(access)


async def test_without_a_key_nothing_is_read() -> None:
    target = Target(name="work", url="http://llm.example.com/v1", headers={"x-team": "a"})
    assert await grant(target, {}, read) == Access(headers={"x-team": "a"})


async def test_a_persons_own_authorization_takes_the_place_of_the_key() -> None:
    target = Target(name="work", url="https://a.example", key=OWN, headers={"Authorization": "env:BASIC"})
    assert (await grant(target, {}, read)).headers == {"authorization": "value of env:BASIC"}


@pytest.mark.parametrize("fields", [{"key": OWN}, {"headers": {"x-token": "env:TOKEN"}}])
async def test_no_secret_is_read_for_plain_http(fields: dict[str, object]) -> None:
    async def never(reference: Reference) -> str:
        raise AssertionError(reference)

    target = Target(name="work", url="http://llm.example.com/v1", **fields)  # type: ignore[arg-type]
    with pytest.raises(Failure, match=r"gateways\.work\.url") as refused:
        await grant(target, {}, never)
    assert refused.value.kind == "misconfigured"


@pytest.mark.parametrize("value", ["a\r\nx-evil: 1", "a\nb", "\x00", "é", "\u2028"])
async def test_a_header_that_would_smuggle_another_is_refused(value: str) -> None:
    target = Target(name="work", url="https://a.example", headers={"x-team": value})
    with pytest.raises(Failure, match=r"gateways\.work\.headers\.x-team") as refused:
        await grant(target, {}, read)
    assert value not in refused.value.message
