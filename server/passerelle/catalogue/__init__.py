"""The models of a gateway: what its list says, search, which one serves a role, and the list kept on disk."""
