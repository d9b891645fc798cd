"""The words of the command line, as argparse reads them. What a command does is in the file of its name."""

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import get_args

from passerelle import __version__
from passerelle.protocol.conversations import ExportFormat
from passerelle.protocol.money import UsageFormat, UsageKey
from passerelle.protocol.state import Capability, Sort

FILE = "FILE"
"""The metavar of what a shell completes with file names."""
SHELLS = ("bash", "zsh", "fish", "tcsh", "powershell")

ABOUT = "Your AI gateway for every editor: one daemon, and these commands that speak to it."

EXAMPLES = """examples:
  passerelle demo                              a tour of a minute, without any key
  export AI_GATEWAY_API_KEY=…                  the key of Vercel AI Gateway, then:
  passerelle chat "What is a monad?"           one answer, as it is written
  git diff | passerelle chat "Review this"     with what another command wrote
  passerelle chat                              a conversation; -c goes on with the last one
  passerelle conversations parser              those of this folder that speak of a parser
  passerelle models sonnet --sort price        what there is, and what it costs
  passerelle usage                             what you have spent, and on what
  passerelle doctor                            what works, what does not, what to do

Exit codes: 0 done, 1 failed (one line says why), 2 wrong usage, 130 interrupted."""

CHAT_EXAMPLES = """examples:
  passerelle chat "Explain this" -f main.py -f error.log
  passerelle chat -m openai/gpt-5-mini "What is on this picture?" -f shot.png
  passerelle chat "Summarise" < notes.txt > summary.txt
  passerelle chat "What is the answer?" --json | jq .cost

  passerelle chat -c "And shorter?"            goes on with the last conversation of this folder

Without a prompt, on a terminal: a conversation; /help there lists its commands.
Ctrl-C cancels the answer. What is asked and answered is kept on this machine: see passerelle conversations."""

CONVERSATIONS_EXAMPLES = """examples:
  passerelle conversations                     those of this folder, newest first
  passerelle conversations parser --all        in any folder, with this word in them
  passerelle conversations show 3f2a           the beginning of an id is enough
  passerelle conversations export 3f2a --format json -o talk.json
  passerelle conversations rename 3f2a How the parser ends
  passerelle conversations delete 3f2a 77b0"""

MODELS_EXAMPLES = """examples:
  passerelle models "sonnet 4.5"
  passerelle models --needs vision,tools --sort price --limit 10
  passerelle models --json | jq -r '.models[].id'"""

USAGE_EXAMPLES = """examples:
  passerelle usage                             today, this month, the last 30 days, the models
  passerelle usage --by model --last 7d
  passerelle usage --by workspace --split model --since 2026-11-01
  passerelle usage --by month --json | jq .total.costUsd
  passerelle usage --csv -o november.csv --since 2026-11-01 --until 2026-12-01

A day is yours: it begins at midnight where you are, or in spending.time_zone.
What gateways have said is what it cost. An estimate is marked ≈, and a cost that nobody knows is a question mark."""

BUDGETS_EXAMPLES = """examples:
  passerelle budgets                           what each one allows, what is spent of it, when it begins anew
  passerelle budgets allow budgets.0           the next request that this one would stop goes through

They stand in config.toml, and a project may tighten them in its passerelle.toml:
  [[budgets]]
  per = "day"                                  or week, month, conversation, workspace
  usd = 5.0"""

ENDPOINTS_EXAMPLES = """examples:
  passerelle endpoints anthropic/claude-sonnet-4
  passerelle endpoints mistral/codestral --role inline"""

KEY_EXAMPLES = """examples:
  passerelle key set work            asks for the key, never shows it
  pass show work | passerelle key set work
  passerelle key remove work

The settings then say where it is: key = "keyring:work"."""

OFFLINE_EXAMPLES = """examples:
  passerelle offline --fetch         fetch the small demonstration model once (about 94 MiB), checked by SHA-256
  passerelle offline --port 8080     any OpenAI client can then use http://127.0.0.1:8080/v1"""

COMPLETION_EXAMPLES = """examples:
  bash   passerelle completion bash > ~/.local/share/bash-completion/completions/passerelle
  zsh    passerelle completion zsh > ~/.zfunc/_passerelle      (~/.zfunc in $fpath)
  fish   passerelle completion fish > ~/.config/fish/completions/passerelle.fish"""


class Arguments(Namespace):
    """What was said on the command line. The defaults stand here and nowhere else."""

    command: str = ""
    gateway: str | None = None
    config: str | None = None
    json: bool = False
    prompt: Sequence[str] = ()
    model: str | None = None
    files: Sequence[str] = ()
    go_on: bool = False
    conversation: str | None = None
    private: bool = False
    words: Sequence[str] = ()
    all: bool = False
    by: UsageKey | None = None
    split: UsageKey | None = None
    since: str | None = None
    until: str | None = None
    last_days: int | None = None
    export: UsageFormat | None = None
    role: str | None = None
    format: ExportFormat = "markdown"
    output: str | None = None
    yes: bool = False
    query: Sequence[str] = ()
    needs: Sequence[Capability] = ()
    sort: Sort | None = None
    limit: int | None = None
    refresh: bool = False
    ask: bool = False
    action: str = ""
    name: str = ""
    port: int = 0
    fetch: bool = False
    shell: str = ""
    launch: Sequence[str] | None = None
    """How to start the daemon; None is the usual way."""


def build_parser() -> ArgumentParser:
    """The whole command line. Unset options are left out of the result: `Arguments` has the defaults."""
    everywhere = _everywhere()
    parser = ArgumentParser(
        "passerelle",
        description=ABOUT,
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        argument_default=SUPPRESS,
        parents=[everywhere],
    )
    parser.add_argument("--version", action="version", version=f"passerelle {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def add(name: str, about: str, examples: str | None = None) -> ArgumentParser:
        return commands.add_parser(
            name,
            help=about,
            description=about[0].upper() + about[1:] + ".",
            epilog=examples,
            formatter_class=RawDescriptionHelpFormatter,
            argument_default=SUPPRESS,
            parents=[everywhere],
        )

    _add_chat(add("chat", "ask a model, once or in a conversation", CHAT_EXAMPLES))
    _add_conversations(add("conversations", "find, read, export and delete conversations", CONVERSATIONS_EXAMPLES))
    _add_models(add("models", "find models: what they can do and what they cost", MODELS_EXAMPLES))
    _add_usage(add("usage", "show what was spent, on what, and what caching saved", USAGE_EXAMPLES))
    _add_budgets(add("budgets", "show the budgets and how they stand; let one more request through", BUDGETS_EXAMPLES))
    _add_json(add("credits", "show what is left at the gateway"))
    _add_endpoints(add("endpoints", "compare the providers behind a model: price, speed, uptime", ENDPOINTS_EXAMPLES))
    _add_json(add("config", "show every setting that holds, where it comes from, and what is wrong"))
    _add_doctor(add("doctor", "say what works, what does not, and what to do"))
    _add_key(add("key", "keep a gateway's key in the system's keyring", KEY_EXAMPLES))
    _add_offline(add("offline", "run the embedded gateway, which needs no key", OFFLINE_EXAMPLES))
    add("demo", "a tour of a minute on the embedded gateway, without any key")
    _add_lsp(add("lsp", "run the daemon on stdin and stdout; editors start it"))
    _add_completion(add("completion", "print a shell's completion script", COMPLETION_EXAMPLES))
    return parser


def _everywhere() -> ArgumentParser:
    parser = ArgumentParser(add_help=False, argument_default=SUPPRESS)
    parser.add_argument("--gateway", metavar="NAME", help="use this gateway; built in: vercel, offline")
    parser.add_argument("--config", metavar=FILE, help="read this file as the user's settings")
    return parser


def _add_json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def _add_chat(parser: ArgumentParser) -> None:
    parser.add_argument("prompt", nargs="*", metavar="PROMPT", help="what to ask; piped text comes along")
    parser.add_argument("-m", "--model", metavar="MODEL", help="creator/model; else the one that serves chat")
    parser.add_argument(
        "-f", "--file", action="append", dest="files", metavar=FILE, help="send a text, an image or a PDF along"
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "-c", "--continue", action="store_true", dest="go_on", help="go on with the last conversation of this folder"
    )
    place.add_argument("--conversation", metavar="ID", help="go on with this one; the beginning of its id is enough")
    place.add_argument("--private", action="store_true", help="keep nothing of it on disk")
    parser.add_argument("-y", "--yes", action="store_true", help="send it also where it costs more than is confirmed")
    _add_json(parser)


def _add_conversations(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="QUERY",
        help="words to look for; or show ID, export ID, rename ID TITLE, delete ID…",
    )
    parser.add_argument("--all", action="store_true", help="of all folders, not only of this one")
    parser.add_argument("--limit", type=_positive, metavar="N", help="show at most N")
    parser.add_argument("--format", choices=get_args(ExportFormat), help="of an export; markdown unless said otherwise")
    parser.add_argument("-o", "--output", metavar=FILE, help="where an export goes, instead of to the terminal")
    parser.add_argument("-y", "--yes", action="store_true", help="delete without asking")
    _add_json(parser)


def _add_models(parser: ArgumentParser) -> None:
    parser.add_argument("query", nargs="*", metavar="QUERY", help='words to look for, such as "sonnet 4.5"')
    parser.add_argument(
        "--needs",
        type=_capabilities,
        metavar="CAN,CAN",
        help=f"only models that can all of these: {', '.join(get_args(Capability))}",
    )
    parser.add_argument("--sort", choices=get_args(Sort), help="relevance unless said otherwise")
    parser.add_argument("--limit", type=_positive, metavar="N", help="show at most N")
    parser.add_argument("--refresh", action="store_true", help="wait for the gateway's list of now")
    _add_json(parser)


def _add_usage(parser: ArgumentParser) -> None:
    keys = get_args(UsageKey)
    parser.add_argument("--by", choices=keys, metavar="KEY", help=f"a row for each {', '.join(keys)}")
    parser.add_argument("--split", choices=keys, metavar="KEY", help="rows within each row")
    begin = parser.add_mutually_exclusive_group()
    begin.add_argument("--since", metavar="DAY", help="from this day on, such as 2026-11-20, or from this moment on")
    begin.add_argument("--last", type=_days, dest="last_days", metavar="7d", help="the last 7 days, today included; 4w")
    parser.add_argument("--until", metavar="DAY", help="what was before this day or moment")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the sums as JSON")
    form.add_argument(
        "--csv", action="store_const", const="csv", dest="export", help="print the ledger itself, row by row"
    )
    form.add_argument("--export", choices=get_args(UsageFormat), help="the same as CSV or as JSON")
    parser.add_argument("-o", "--output", metavar=FILE, help="where an export goes, instead of to the terminal")


def _add_budgets(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words", nargs="*", metavar="ACTION", help="allow BUDGET: the next request that it would stop goes through"
    )
    _add_json(parser)


def _add_endpoints(parser: ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="creator/model")
    parser.add_argument("--role", metavar="ROLE", help="judge by the routing of this role; chat unless said otherwise")
    _add_json(parser)


def _add_doctor(parser: ArgumentParser) -> None:
    parser.add_argument("--ask", action="store_true", help="also ask a model for one token, which costs a little")


def _add_key(parser: ArgumentParser) -> None:
    parser.add_argument("action", choices=("set", "remove"), help="the key itself is asked for, or read from stdin")
    parser.add_argument("name", metavar="NAME", help="any name; settings refer to it as keyring:NAME")


def _add_offline(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, metavar="N", help="a free one unless said otherwise")
    parser.add_argument("--fetch", action="store_true", help="fetch the demonstration model's weights, and end")


def _add_lsp(parser: ArgumentParser) -> None:
    parser.add_argument("--stdio", action="store_true", help="accepted, for that is the only way")


def _add_completion(parser: ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS)


def _capabilities(text: str) -> list[str]:
    known = {word.lower(): word for word in get_args(Capability)}
    wanted = [word.strip().lower() for word in text.split(",")]
    unknown = [word for word in wanted if word not in known]
    if unknown:
        raise ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(known.values())}")
    return [known[word] for word in wanted]


def _days(text: str) -> int:
    lengths = {"d": 1, "w": 7}
    if text[-1:] not in lengths:
        raise ArgumentTypeError(f"{text!r} is no number of days or weeks, such as 30d or 4w")
    return _whole_number(text[:-1], 1, 10_000) * lengths[text[-1]]


def _positive(text: str) -> int:
    return _whole_number(text, 1, 1_000_000)


def _port(text: str) -> int:
    return _whole_number(text, 0, 65_535)


def _whole_number(text: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ArgumentTypeError(f"{text!r} is no whole number from {least} to {most}")
    return int(text)
