"""The commands. They speak to a daemon of their own by `passerelle.client`, and prove the protocol by it."""
