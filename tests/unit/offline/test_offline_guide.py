import pytest
from msgspec.json import encode

from passerelle.offline.asked import Asked, read_asked
from passerelle.offline.guide import WORDS_PER_S, Guide
from passerelle.offline.models import End
from passerelle.offline.ranking import Index, terms
from passerelle.offline.readme import Section, split_sections

README = """# Passerelle

Passerelle is one small daemon for the gateway of every editor. Passerelle has settings, models and keys.

## How do I install it?

Run this; Passerelle needs Python 3.11.

```
# Not a heading: a comment about telemetry
pipx install passerelle
```

## Where are my keys stored?

In the keyring of your system. No gateway other than the key's own sees it.

## How do I choose a model?

The gateway has models. Put this into the settings:

```toml
[routing]
zero_data_retention = true
prompt = "Why is the sky blue?"
```

## How do I use it in Neovim?

Configure the daemon as a language server. It logs to stderr.

## How do I use it in Emacs?

With eglot. The daemon logs to stderr there too.
"""


class Clock:
    """Counts the pauses instead of waiting for them."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


def asked(question: str, **options: object) -> Asked:
    messages = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": question}]
    return read_asked(encode({"model": "offline/guide", "messages": messages, **options}))


async def answer(request: Asked, clock: Clock | None = None) -> tuple[str, End]:
    guide = Guide(README, pause=(clock or Clock()).pause)
    *text, end = [piece async for piece in guide.answer(request)]
    assert isinstance(end, End)
    return "".join(map(str, text)), end


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What is Passerelle?", "Passerelle"),
        ("How do I install it?", "How do I install it?"),
        ("installing", "How do I install it?"),
        ("Hi! How do I store my key, please?", "Where are my keys stored?"),
        ("and in emacs?", "How do I use it in Emacs?"),
        ("Hello, what is Passerelle, and how do I use it in Neovim?", "How do I use it in Neovim?"),
        ("zero data retention", "How do I choose a model?"),
        ("CHOOSE ANOTHER MODEL", "How do I choose a model?"),
        ("how does one configure this", "How do I use it in Neovim?"),
    ],
)
def test_the_best_section_is_named_and_quoted(question: str, title: str) -> None:
    section = next(section for section in split_sections(README) if section.title == title)

    text = Guide(README).compose(question)

    assert f"**{title}**\n\n{section.text}" in text
    assert "not a language model" in text


def test_two_sections_that_answer_alike_are_both_quoted() -> None:
    text = Guide(README).compose("Where does it log to?")

    assert "**How do I use it in Neovim?**" in text
    assert "**How do I use it in Emacs?**" in text


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Hello!",
        "Who are you?",
        "What is the capital of France?",
        "How do I bake a cake with Passerelle?",
        "Write a quicksort in Haskell.",
        "Why is the sky blue?",
        "これは何ですか",
    ],
)
def test_what_the_readme_does_not_answer_is_said_plainly_with_what_it_does(question: str) -> None:
    text = Guide(README).compose(question)

    assert "it does not answer this one" in text
    assert "not a language model" in text
    assert "- Where are my keys stored?" in text
    assert "keyring" not in text


def test_without_a_readme_it_says_so() -> None:
    assert "did not find it" in Guide("").compose("What is Passerelle?")


def test_a_long_question_is_read_at_its_end() -> None:
    text = Guide(README).compose("emacs " + "a " * 10_000 + "keyring")

    assert "**Where are my keys stored?**" in text
    assert "eglot" not in text


@pytest.mark.parametrize(
    ("one", "other"),
    [("config", "configuring"), ("logged", "log"), ("keys", "key"), ("store", "stored"), ("prices", "pricing")],
)
def test_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other) != []


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("daemon", ["A", "B", "C"]),
        ("daemon colour", ["B"]),
        ("colour cake bread", ["B"]),
        ("cake", []),
        ("", []),
    ],
)
def test_a_word_that_most_sections_have_tells_nothing_beside_others(question: str, titles: list[str]) -> None:
    sections = [Section("A", "daemon size"), Section("B", "daemon colour"), Section("C", "daemon weight")]

    assert [one.section.title for one in Index(sections).rank(question)] == titles


async def test_a_stream_comes_word_by_word_at_a_readers_pace() -> None:
    clock = Clock()

    text, end = await answer(asked("keyring?", stream=True), clock)

    assert text == Guide(README).compose("keyring?")
    assert clock.pauses == [1 / WORDS_PER_S] * end.completion_tokens


async def test_an_answer_that_is_not_streamed_does_not_pause() -> None:
    clock = Clock()

    text, _ = await answer(asked("keyring?"), clock)

    assert text == Guide(README).compose("keyring?")
    assert clock.pauses == []


@pytest.mark.parametrize(
    ("options", "text", "finish", "written"),
    [
        ({"max_tokens": 3}, "I am Passerelle's", "length", 3),
        ({"max_tokens": 3, "max_completion_tokens": 2}, "I am", "length", 2),
        ({"max_tokens": 0}, "", "length", 0),
        ({"stop": " Passerelle"}, "I am", "stop", 2),
        ({"stop": ["guide", "am"]}, "I", "stop", 1),
        ({"stop": ["am"], "max_tokens": 1}, "I", "stop", 1),
    ],
)
async def test_limits_end_the_answer_and_are_counted(
    options: dict[str, object], text: str, finish: str, written: int
) -> None:
    said, end = await answer(asked("keyring?", **options))

    assert said.rstrip() == text
    assert (end.finish, end.completion_tokens) == (finish, written)


async def test_tokens_are_words() -> None:
    text, end = await answer(asked("Where is my keyring?"))

    assert end.prompt_tokens == 6
    assert end.completion_tokens == len(text.split())


async def test_only_the_last_question_is_answered() -> None:
    messages = [
        {"role": "user", "content": "Emacs?"},
        {"role": "assistant", "content": "With eglot."},
        {"role": "user", "content": [{"type": "text", "text": "Where are my "}, {"type": "text", "text": "keys?"}]},
    ]

    text, _ = await answer(read_asked(encode({"model": "offline/guide", "messages": messages})))

    assert "**Where are my keys stored?**" in text
    assert "Emacs" not in text
