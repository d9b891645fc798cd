"""What a line begins, by its look alone: a definition and its name, a section, an import, a comment. No language is
parsed; what many of them write alike is read alike.
"""

import re
from typing import NamedTuple

LONGEST_LINE = 400
"""What is longer is data, or was made by a program."""

MARKDOWN = frozenset({"markdown", "md", "mdx", "quarto"})
SECTIONS = frozenset({"toml", "ini", "cfg", "conf", "properties", "editorconfig", "dosini"})
KEYED = frozenset({"yaml", "yml", "dockercompose"})
SETTINGS = SECTIONS | KEYED
"""Files that only say things by name: what a block does not say of them, it leaves as it is."""

_WORDS = (
    r"(?:export|default|declare|public|private|protected|internal|static|final|abstract|async|unsafe|const|extern"
    r'(?:\s+"C")?|virtual|override|inline|readonly|open|sealed|data|partial|pub(?:\([\w: ]+\))?|local)\s+'
)
_DEFINITION = re.compile(
    rf"(?:{_WORDS})*"
    r"(?P<kind>def|class|function|func|fn|fun|struct|interface|trait|enum|union|impl|module|mod|namespace|object"
    r"|protocol|type|record)\b\s*\*?\s*(?P<rest>.*)"
)
_VARIABLE = re.compile(
    rf"(?:{_WORDS})*(?:const|let|var|val|static)\s+(?:mut\s+)?(?P<name>[A-Za-z_$][\w$]*)\s*(?::[^=]*)?="
)
_CONSTANT = re.compile(r"(?P<name>[A-Z][A-Z0-9_]{2,})\s*(?::[^=]*)?=(?!=)")
_METHOD = re.compile(r"(?:[\w<>\[\],:&*?.~@$]+\s+)*[*&]*(?P<name>[~#]?[A-Za-z_$][\w$:]*)\s*(?:<[^>()]*>)?\(")
_NAME = re.compile(r"(?:\((?P<receiver>[^)]*)\)\s*)?(?P<name>[A-Za-z_$][\w$.:]*)")
_NOT_A_METHOD = re.compile(
    r"\b(?:if|else|for|foreach|while|until|switch|match|case|catch|return|throw|new|await|yield|with|when|unless|do|try"
    r"|elif|assert|print|del|raise|not|in|and|or|sizeof|typeof|super|go|defer|func|function|fn|synchronized|using|lock"
    r"|guard)\b"
)
_CALL = re.compile(r"\(\s*[\"'`]|=>|\bfunction\b")
"""In a line that opens a block: the block is handed to a call, as tests are to `describe`."""
_IMPORT = re.compile(
    r"(?:import\b|from\s+\S+\s+import\b|use\s|using\s|#\s*include\b|package\s|extern\s+crate\b|require\b|include\b"
    r"|(?:const|let|var)\s+.{1,200}=\s*require\()"
)
_COMMENT = re.compile(r"#(?!\s*include\b|\[|!\[)|//|/\*|\*(?:[\s/]|$)|--\s|<!--|;;?\s|%\s|\{/\*")
_FILE_NAME = re.compile(
    r"(?:#|//|--|;+|/\*|<!--)\s*(?:[Ff]ile(?:name)?:\s*)?[\w./\\@-]+\.[A-Za-z]\w{0,7}\s*(?:\*/|-->)?"
)
_DECORATOR = re.compile(r"@[\w.]|#!?\[|\[[A-Z]\w*(?:\(.*\))?\]$|template\s*<")
_HEADING = re.compile(r"(?P<level>#{1,6})\s+(?P<title>.*?)\s*#*$")
_SECTION = re.compile(r"\[{1,2}(?P<name>[^\]]+)\]{1,2}\s*(?:[#;].*)?$")
_SETTING = re.compile(r"(?P<name>[\w\"'.-]+)\s*=")
_ENTRY = re.compile(r"(?P<name>[\w\"'./-]+)\s*:(?:\s|$)")
_FUNCTION_VALUE = re.compile(r"=>\s*[{(]?$|\bfunction\b")
_OPENERS, _CLOSERS = ("{", "[", "("), ("}", "]", ")")


class Header(NamedTuple):
    """What a line begins. `key` is the same for the same thing; `is_strong` means that the name alone says which."""

    key: str
    is_strong: bool
    level: int = 0
    """Of a heading; a section is of level 1."""


def header_of(line: str, following: str, language: str) -> Header | None:
    """The thing that a line begins, if it begins one; `following` is the next line."""
    text = line.strip()
    if not text or len(text) > LONGEST_LINE:
        return None
    if language in MARKDOWN:
        heading = _HEADING.fullmatch(text) if line[:1] == "#" else None
        if heading is None:
            return None
        return Header(f"# {heading['title'].casefold()}", is_strong=True, level=len(heading["level"]))
    if language in SECTIONS:
        return _section_header(text)
    if language in KEYED:
        entry = _ENTRY.match(text)
        return Header(f"{entry['name']}:", is_strong=False) if entry else None
    return _code_header(text, following.strip())


def is_import(line: str) -> bool:
    return len(line) <= LONGEST_LINE and _IMPORT.match(line.strip()) is not None


def is_comment(line: str) -> bool:
    return _COMMENT.match(line.strip()) is not None


def is_file_name(line: str) -> bool:
    """Whether a line is a comment with nothing but a path in it, as models write above a block."""
    return _FILE_NAME.fullmatch(line.strip()) is not None


def is_decorator(line: str) -> bool:
    return _DECORATOR.match(line.strip()) is not None


def opens(line: str) -> bool:
    """Whether what a line begins goes on until something is closed."""
    return _without_comment(line).endswith(_OPENERS)


def closes(line: str) -> bool:
    text = line.lstrip()
    return text.startswith(_CLOSERS) or re.match(r"(?:end|fi|done|esac)\b", text) is not None


def _section_header(text: str) -> Header | None:
    if match := _SECTION.fullmatch(text):
        name = re.sub(r"\s", "", match["name"])
        return None if text.startswith("[[") else Header(f"[{name}]", is_strong=True, level=1)
    match = _SETTING.match(text)
    return Header(f"{match['name']} =", is_strong=False) if match else None


def _code_header(text: str, following: str) -> Header | None:
    if is_import(text) or is_comment(text):
        return None
    if match := _DEFINITION.match(text):
        return _definition(match)
    if match := _VARIABLE.match(text) or _CONSTANT.match(text):
        is_function = _FUNCTION_VALUE.search(text) is not None
        return Header(f"{match['name']}()" if is_function else f"{match['name']} =", is_strong=is_function)
    if text.startswith("if __name__"):
        return Header("if __name__", is_strong=True)
    return _block_header(text) if text.endswith("{") or following.startswith("{") else None


def _block_header(text: str) -> Header | None:
    method = _METHOD.match(text)
    if method and _CALL.search(text) is None and _NOT_A_METHOD.search(text.partition("(")[0]) is None:
        return Header(f"{method['name']}()", is_strong=True)
    # Anything else that opens a block is known by its whole line: a rule of CSS, a test of Mocha, a loop.
    is_likely = text[0].isalpha() or text[0] in ".#:*@"
    return Header(" ".join(text.split()), is_strong=False) if is_likely else None


def _definition(match: re.Match[str]) -> Header | None:
    kind, rest = match["kind"], match["rest"]
    if kind == "impl":
        return Header(f"impl {' '.join(rest.rstrip('{').split())}", is_strong=True)
    name = _NAME.match(rest)
    if name is None:
        return None
    receiver = re.sub(r".*?(\w+)\]?\s*$", r"\1.", name["receiver"]) if name["receiver"] else ""
    is_callable = kind in {"def", "function", "func", "fn", "fun"}
    return Header(f"{receiver}{name['name']}{'()' if is_callable else ''}", is_strong=True)


def _without_comment(line: str) -> str:
    return re.sub(r"\s*(?://|#\s|/\*.*\*/).*$", "", line).rstrip()
