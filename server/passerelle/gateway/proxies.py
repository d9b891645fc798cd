"""Which proxy a request goes through, from configuration and environment. Pure."""

import re
from collections.abc import Mapping
from ipaddress import ip_address, ip_network

from passerelle.gateway.target import host_of, parts_of
from passerelle.words.hosts import is_loopback


def proxy_of(url: str, configured: str | None, environ: Mapping[str, str]) -> str | None:
    """The proxy's URL, or None to go straight: always for this machine, whatever is configured.

    The environment's are `https_proxy`, `http_proxy` and `all_proxy`, lower case before upper case, unless
    `no_proxy` names the host; a value without a scheme is an HTTP proxy, as in curl.
    """
    host = host_of(url)
    if is_loopback(host):
        return None
    if configured is not None:
        return configured
    scheme = parts_of(url).scheme
    proxy = _variable(environ, f"{scheme}_proxy") or _variable(environ, "all_proxy")
    if not proxy or _is_excepted(host, _variable(environ, "no_proxy")):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _variable(environ: Mapping[str, str], name: str) -> str:
    return (environ.get(name) or environ.get(name.upper()) or "").strip()


def _is_excepted(host: str, no_proxy: str) -> bool:
    """Whether `no_proxy` names the host: `*`, a name with all its subdomains, an address, or a network."""
    for entry in re.split(r"[,\s]+", no_proxy.lower()):
        name = entry.partition(":")[0].removeprefix("*").removeprefix(".")
        if entry == "*" or (name and (host == name or host.endswith(f".{name}"))) or _holds(entry, host):
            return True
    return False


def _holds(network: str, host: str) -> bool:
    try:
        return ip_address(host) in ip_network(network, strict=False)
    except ValueError:
        return False
