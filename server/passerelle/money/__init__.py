"""What answers cost, what may still be spent, and the ledger that knows both."""
