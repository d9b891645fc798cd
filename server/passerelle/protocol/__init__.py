"""The wire as data: one Struct for each message, the table of methods, the error codes. protocol.md is held to it."""
