"""`offline/guide`: answers questions about Passerelle by quoting its README. It is no language model, and says so."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable

from passerelle.offline.asked import Asked
from passerelle.offline.models import End, Entry
from passerelle.offline.ranking import Index
from passerelle.offline.readme import excerpt, split_sections

GUIDE = "offline/guide"
WORDS_PER_S = 80
"""As fast as a quick model writes, so that a person sees the answer stream."""
EXCERPT_CHARS = 1800
ENOUGH = 0.5
"""The share of a question's telling words that a section must have to be an answer to it."""
AS_GOOD = 0.9
"""A second section is quoted too if it scores this much of the first."""

_TOKEN = re.compile(r"\s*\S+")


class Guide:
    """Looks a question up in a README and quotes the sections that answer it.

    Its tokens are words, each with the space before it. A language model would count about a third more in English.
    """

    provider = "passerelle"

    def __init__(
        self, readme: str, *, model_id: str = GUIDE, pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        sections = split_sections(readme)
        self._titles = [section.title for section in sections if section.title]
        self._index = Index(sections)
        self._pause = pause
        self.entry = Entry(
            id=model_id,
            created=1795392000,
            released=1795392000,
            owned_by=model_id.partition("/")[0],
            name="Passerelle Guide (built in, not a language model)",
            description="Answers questions about Passerelle itself by quoting its README. Not a language model: "
            "it looks words up, knows nothing else and writes no code.",
            context_window=32_768,
            max_tokens=4096,
            supported_parameters=("max_tokens", "stop"),
            temperature=False,
        )

    async def missing(self) -> None:
        """It is always there."""

    async def aclose(self) -> None:
        """It runs nothing."""

    async def answer(self, asked: Asked) -> AsyncGenerator[str | End, None]:
        """The answer to the last thing a person said, word by word; all at once if it is not streamed."""
        questions = [message.text for message in asked.messages if message.role == "user"]
        text = self.compose(questions[-1] if questions else "")
        words = _TOKEN.findall(_before(text, asked.stops))
        limit = asked.limit(self.entry.max_tokens)
        for word in words[:limit]:
            if asked.stream:
                await self._pause(1 / WORDS_PER_S)
            yield word
        yield End(
            finish="length" if len(words) > limit else "stop",
            prompt_tokens=sum(len(message.text.split()) for message in asked.messages),
            completion_tokens=min(limit, len(words)),
        )

    def compose(self, question: str) -> str:
        """An answer in Markdown: the best sections, named and quoted, or plainly that the README does not say."""
        ranked = self._index.rank(question)
        if not ranked or ranked[0].known < ENOUGH:
            return self._cannot_say()
        best = [one.section for one in ranked[:2] if one.score >= AS_GOOD * ranked[0].score]
        quotes = [
            f"**{section.title or 'Introduction'}**\n\n{excerpt(section.text, EXCERPT_CHARS)}" for section in best
        ]
        return "\n\n".join(["I am Passerelle's guide, not a language model. The README says:", *quotes])

    def _cannot_say(self) -> str:
        opening = (
            "I am Passerelle's guide. I am not a language model: I look questions up in Passerelle's README, "
            "and it does not answer this one."
        )
        if not self._titles:
            return f"{opening} In fact I did not find it at all; this installation came without it."
        return "\n".join([f"{opening} You can ask me, for example:\n", *(f"- {title}" for title in self._titles)])


def _before(text: str, stops: tuple[str, ...]) -> str:
    ends = [index for stop in stops if (index := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else text
