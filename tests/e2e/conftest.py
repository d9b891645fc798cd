"""The fixtures of all tests against the real process."""

from support.daemon import daemon, gateway, home, settings, shared_daemon, shared_home

__all__ = ["daemon", "gateway", "home", "settings", "shared_daemon", "shared_home"]
