"""Who may ask and what a path asks for, after Vercel's gateway. Pure: nothing is answered or looked up here."""

import re
from typing import Literal, NamedTuple
from urllib.parse import parse_qs, unquote

from passerelle.offline.connection import Request, Response
from passerelle.offline.refusals import Refused

Page = Literal["models", "model", "endpoints", "chat", "credits", "generation"]

# The longest first: an id is `creator/model`, and clients may write its slash as %2F.
_PAGES: tuple[tuple[str, Page, str], ...] = (
    (r"/v1/models", "models", "GET"),
    (r"/v1/models/(.+)/endpoints", "endpoints", "GET"),
    (r"/v1/models/(.+)", "model", "GET"),
    (r"/v1/chat/completions", "chat", "POST"),
    (r"/v1/credits", "credits", "GET"),
    (r"/v1/generation", "generation", "GET"),
)
_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)
_NO_SUCH_PAGE = b"<!doctype html><title>404</title><h1>404</h1><p>The API is under <code>/v1</code>.</p>"


class Route(NamedTuple):
    """`subject` is a model's id, or a generation's; empty where there is none."""

    page: Page
    subject: str = ""


def check_origin(headers: dict[str, str]) -> None:
    """Refuse what a web page can send: any page may reach loopback from its reader's browser.

    A page's request names its origin, or, after the page's own host name was made to point here (DNS rebinding), a
    host that is not loopback. Programs send neither.
    """
    if "origin" in headers:
        raise Refused(403, "forbidden", "Web pages may not use this gateway; it is for programs on this computer.")
    if not _LOOPBACK.fullmatch(headers.get("host", "")):
        raise Refused(403, "forbidden", "This gateway answers as 127.0.0.1 or localhost only; use that in the URL.")


def find_route(request: Request) -> Route | Response:
    """What is asked for, or the real gateway's answer to a wrong path (404, in HTML outside `/v1`) or method (405)."""
    raw_path, _, query = request.target.partition("?")
    path = unquote(raw_path)
    for pattern, page, method in _PAGES:
        if match := re.fullmatch(pattern, path):
            if request.method not in (("GET", "HEAD") if method == "GET" else ("POST",)):
                return Response(status=405, headers=(("allow", method),))
            if page == "generation":
                return Route(page, parse_qs(query).get("id", [""])[-1])
            return Route(page, match[1] if match.lastindex else "")
    if path.startswith("/v1/"):
        return Response(status=404, body=Refused(404, "not_found", "This gateway has no such path.").body())
    return Response(status=404, body=_NO_SUCH_PAGE, content_type="text/html; charset=utf-8")
