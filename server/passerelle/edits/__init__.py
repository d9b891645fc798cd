"""Where a block of code from an answer belongs in a document, decided by looking at both; no model is asked. Pure."""
