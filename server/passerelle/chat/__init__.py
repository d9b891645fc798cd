"""One turn of talk: what goes into the prompt, and the relay of the answer."""
