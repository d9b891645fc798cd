"""File URIs and paths, after RFC 8089 and as VS Code writes them (`file:///c%3A/x`)."""

import os
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit


def to_path(uri: str) -> Path | None:
    """The path a `file:` URI names; None for any other scheme (`untitled:`, `vscode-remote:`)."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    path = unquote(parts.path)
    if os.name == "nt":
        path = path.lstrip("/")
        if parts.netloc:
            path = f"//{parts.netloc}/{path}"
    return Path(path)


def to_uri(path: str | Path) -> str:
    """The `file:` URI of an absolute path."""
    text = str(path).replace(os.sep, "/")
    if not text.startswith("/"):
        text = "/" + text
    return "file://" + quote(text, safe="/@:+,;=!$&'()*~")


def is_inside(path: Path, folder: Path) -> bool:
    """Whether `path` lies in `folder` (or is it), by names alone: resolve both before where links matter."""
    return path == folder or folder in path.parents
