"""What the daemon asks of a client, whatever connects it."""

from pathlib import Path
from typing import Protocol

from passerelle.chat.attachments import Desk
from passerelle.config.layers import Effective
from passerelle.gateway.secrets import Editor
from passerelle.protocol.conversations import ConversationSummary


class Client(Protocol):
    """One connected client. What is here belongs to it alone and goes when it leaves."""

    @property
    def name(self) -> str:
        """What it calls itself, as the ledger knows it."""

    @property
    def secrets(self) -> Editor | None:
        """Where `editor:` references are asked; None for a client that answers none."""

    @property
    def desk(self) -> Desk:
        """Its open documents and its folders."""

    @property
    def is_leaving(self) -> bool:
        """Whether what is cancelled from now on ends because it leaves, and not because it wants that."""

    def effective(self, folder: Path | None) -> Effective:
        """The settings in force for it, in one of its folders or outside of all."""

    def config_changed(self, paths: frozenset[Path]) -> None:
        """Settings files were read again and are different."""

    def models_changed(self, gateway: str, added: list[str], removed: list[str], total: int) -> None:
        """The gateway lists other models now, or says other things of them."""

    def warn(self, sentence: str) -> None:
        """Show a person something that cannot wait until they look."""

    def status_changed(self) -> None:
        """Something that status tells may be different."""

    def conversations_changed(self, changed: list[ConversationSummary], deleted: list[str]) -> None:
        """Conversations are different now, or gone."""
