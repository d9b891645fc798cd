"""One client's connection: bytes to messages, messages to handlers, answers to bytes. pygls is known here only."""
