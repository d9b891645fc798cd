"""What the daemon announces of itself. Standard library only: it is said before anything else is imported."""

VERSION = 1
"""Of the protocol; raised only by a breaking change."""

EXPERIMENTAL = {
    "protocol": VERSION,
    "chat": True,
    "models": True,
    "config": True,
    "gateways": True,
    "conversations": True,
    "apply": True,
    "usage": True,
    "budgets": True,
    "credits": True,
    "endpoints": True,
}
"""`capabilities.experimental.passerelle`: an absent one is unsupported."""

COMMANDS = (
    "passerelle.openConfiguration",
    "passerelle.refreshModels",
    "passerelle.showStatus",
    "passerelle.allowOnce",
)
"""Of `workspace/executeCommand`, in every editor."""

COMPLETION_TRIGGERS = ('"', "'", "[", ".", "/", "-", "=")
"""Of `textDocument/completion` in settings files: those that open a string, a table or a value, and those in ids."""
