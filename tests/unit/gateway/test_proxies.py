import pytest

from passerelle.gateway.proxies import proxy_of

URL = "https://api.example.com/v1"
P = "http://proxy.example.com:3128"


@pytest.mark.parametrize(
    ("url", "configured", "environ", "proxy"),
    [
        (URL, None, {}, None),
        (URL, P, {}, P),
        (URL, P, {"no_proxy": "*", "https_proxy": "http://other"}, P),
        (URL, None, {"https_proxy": P}, P),
        (URL, None, {"HTTPS_PROXY": P}, P),
        (URL, None, {"https_proxy": P, "HTTPS_PROXY": "http://other"}, P),
        (URL, None, {"http_proxy": P}, None),
        ("http://api.example.com", None, {"http_proxy": P}, P),
        (URL, None, {"all_proxy": "socks5://s:1080"}, "socks5://s:1080"),
        (URL, None, {"https_proxy": "proxy.example.com:3128"}, P),
        (URL, None, {"https_proxy": "  "}, None),
        (URL, None, {"https_proxy": P, "no_proxy": "*"}, None),
        (URL, None, {"https_proxy": P, "NO_PROXY": "other, example.com"}, None),
        (URL, None, {"https_proxy": P, "no_proxy": ".example.com"}, None),
        (URL, None, {"https_proxy": P, "no_proxy": "*.example.com"}, None),
        (URL, None, {"https_proxy": P, "no_proxy": "API.EXAMPLE.COM"}, None),
        (URL, None, {"https_proxy": P, "no_proxy": "ample.com,.com.example,,"}, P),
        ("https://10.1.2.3/v1", None, {"https_proxy": P, "no_proxy": "10.0.0.0/8"}, None),
        ("https://11.1.2.3/v1", None, {"https_proxy": P, "no_proxy": "10.0.0.0/8"}, P),
        ("https://[fd00::1]/v1", None, {"https_proxy": P, "no_proxy": "fd00::/8"}, None),
        ("http://localhost:8080", P, {"http_proxy": P}, None),
        ("http://127.0.0.1:8080", P, {"http_proxy": P}, None),
        ("http://[::1]:8080", None, {"all_proxy": P}, None),
    ],
)
def test_a_request_goes_through_the_proxy_that_is_meant_for_it(
    url: str, configured: str | None, environ: dict[str, str], proxy: str | None
) -> None:
    assert proxy_of(url, configured, environ) == proxy
