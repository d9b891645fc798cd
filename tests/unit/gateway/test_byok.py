"""A person's own credentials at providers: what goes out, to whom, and where it must not be seen."""

import msgspec
import pytest

from passerelle.config.schema import VERCEL_URL, Byok
from passerelle.gateway.auth import Access, grant
from passerelle.gateway.errors import Asked, failure_of
from passerelle.gateway.target import Target
from passerelle.words.failures import Failure
from passerelle.words.references import Reference

KEY = Reference("env", "AI_GATEWAY_API_KEY")
PEM = "-----BEGIN PRIVATE KEY-----\\nMIIEfirst\\nsecondLine\\n-----END PRIVATE KEY-----\\n"
VALUES = {
    "AI_GATEWAY_API_KEY": "vck_own",
    "ONE": "secret-one",
    "TWO": "secret-two",
    "PEM": PEM,
}


async def read(reference: Reference) -> str:
    return VALUES[reference.name]


async def opened(byok: dict[str, Byok], *, url: str = VERCEL_URL, vercel: bool = True) -> Access:
    return await grant(Target(name="mine", url=url, key=KEY, byok=byok, vercel=vercel), {}, read)


@pytest.mark.parametrize(
    ("byok", "sent"),
    [
        ({}, {}),
        ({"anthropic": Byok(api_key="env:ONE")}, {"anthropic": [{"apiKey": "secret-one"}]}),
        (
            {"azure": Byok(api_key="env:ONE", resource_name="mine"), "openai": Byok(api_key="env:TWO")},
            {"azure": [{"apiKey": "secret-one", "resourceName": "mine"}], "openai": [{"apiKey": "secret-two"}]},
        ),
        (
            {"bedrock": Byok(access_key_id="env:ONE", secret_access_key="env:TWO", region="us-east-1")},
            {"bedrock": [{"accessKeyId": "secret-one", "secretAccessKey": "secret-two", "region": "us-east-1"}]},
        ),
        (
            {"vertex": Byok(private_key="env:PEM", client_email="a@b", project="p", location="eu")},
            {
                "vertex": [
                    {
                        "project": "p",
                        "location": "eu",
                        "googleCredentials": {"privateKey": PEM.replace("\\n", "\n"), "clientEmail": "a@b"},
                    }
                ]
            },
        ),
    ],
)
async def test_credentials_have_the_gateways_names(byok: dict[str, Byok], sent: object) -> None:
    assert (await opened(byok)).byok == sent


async def test_no_other_gateway_gets_them_and_nothing_is_read_for_it() -> None:
    access = await opened({"anthropic": Byok(api_key="env:MISSING")}, url="https://llm.example.com/v1", vercel=False)

    assert (access.byok, access.references) == ({}, (KEY,))


async def test_they_travel_encrypted_or_not_at_all() -> None:
    target = Target(
        name="vercel", url="http://llm.example.com/v1", byok={"anthropic": Byok(api_key="env:ONE")}, vercel=True
    )
    with pytest.raises(Failure, match=r"gateways\.vercel\.url") as refused:
        await grant(target, {}, read)
    assert refused.value.kind == "misconfigured"


async def test_a_secret_that_two_providers_share_is_read_once() -> None:
    access = await opened({"a": Byok(api_key="env:ONE"), "b": Byok(api_key="env:ONE")})

    assert access.references == (KEY, Reference("env", "ONE"))


async def test_they_are_in_no_repr_and_blotted_out_of_what_the_gateway_says() -> None:
    byok = {"a": Byok(api_key="env:ONE"), "vertex": Byok(private_key="env:PEM", client_email="a@b")}
    access = await opened(byok)
    asked = Asked(gateway="vercel", secrets=access.secrets)
    said = f"secret-one failed, {PEM}, " + PEM.replace("\\n", "\n")

    found = failure_of(400, {}, msgspec.json.encode({"error": {"message": said}}), asked, now=0.0)

    for text in (repr(access), repr(asked), found.message):
        assert "secret-one" not in text
        assert "MIIEfirst" not in text
        assert "secondLine" not in text
