"""The embedded gateway: a real HTTP server on loopback, for a first try without a key. Nothing leaves the machine."""
