"""A person's own credentials at providers, as Vercel's gateway takes them with a request. Pure: what references stand
for comes in.
"""

from collections.abc import Mapping

from msgspec.structs import asdict

from passerelle.config.schema import Byok
from passerelle.protocol.chat import JsonObject
from passerelle.words.references import Reference, parse_reference

_PEM = "-----"


def byok_references(byok: Mapping[str, Byok]) -> list[Reference]:
    """All that have to be read."""
    values = (value for one in byok.values() for value in asdict(one).values() if value is not None)
    return [reference for value in values if (reference := parse_reference(value))]


def byok_options(byok: Mapping[str, Byok], values: Mapping[Reference, str]) -> JsonObject:
    """`providerOptions.gateway.byok`: a list of credentials for each provider."""
    return {provider: [_credential(one, values)] for provider, one in byok.items()}


def secret_lines(secret: str) -> list[str]:
    """What must not be repeated: the secret, and of a key in PEM each line, for its line ends change on the way."""
    if not secret.startswith(_PEM):
        return [secret]
    return [secret, *(line for line in _with_line_ends(secret).splitlines() if line and not line.startswith(_PEM))]


def _credential(byok: Byok, values: Mapping[Reference, str]) -> JsonObject:
    said: dict[str, str] = {}
    for name, value in asdict(byok).items():
        if value is not None:
            reference = parse_reference(value)
            said[name] = value if reference is None else values[reference]
    google = {"privateKey": _with_line_ends(said.get("private_key", "")), "clientEmail": said.get("client_email")}
    every: JsonObject = {
        "apiKey": said.get("api_key"),
        "resourceName": said.get("resource_name"),
        "accessKeyId": said.get("access_key_id"),
        "secretAccessKey": said.get("secret_access_key"),
        "region": said.get("region"),
        "project": said.get("project"),
        "location": said.get("location"),
        "googleCredentials": {name: value for name, value in google.items() if value},
    }
    return {name: value for name, value in every.items() if value}


def _with_line_ends(key: str) -> str:
    r"""A key in PEM has lines; where it is kept it is one line, in which Google writes `\n`."""
    return key.replace("\\n", "\n")
