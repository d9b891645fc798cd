"""The one object that outlives a request, and what it does for a client. Knows no JSON-RPC."""
