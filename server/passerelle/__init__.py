"""Passerelle: one small daemon that owns a person's AI gateway for every editor they use."""

__version__ = "0.1.0"
