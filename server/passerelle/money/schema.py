"""The ledger's tables, version by version. Amounts are whole picodollars (1e-12 US dollars), so that sums are exact in
any order; moments are Unix milliseconds.
"""

ATTEMPTS = """
    key TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    number INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    lease_ms INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try_ms INTEGER,
    gateway TEXT NOT NULL,
    origin TEXT NOT NULL,
    key_reference TEXT,
    generation TEXT,
    model TEXT NOT NULL,
    answered_model TEXT,
    provider TEXT,
    role TEXT NOT NULL,
    client TEXT NOT NULL,
    workspace TEXT,
    conversation TEXT,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    cached_tokens INTEGER NOT NULL DEFAULT 0,
    cache_write_tokens INTEGER NOT NULL DEFAULT 0,
    reasoning_tokens INTEGER NOT NULL DEFAULT 0,
    counted INTEGER NOT NULL DEFAULT 0,
    bound_picousd INTEGER,
    cost_picousd INTEGER,
    cost_source TEXT NOT NULL,
    market_picousd INTEGER,
    saved_picousd INTEGER,
    byok INTEGER NOT NULL DEFAULT 0,
    first_delta_ms INTEGER,
    total_ms INTEGER,
    finish TEXT,
    error TEXT,
    status INTEGER
"""
"""Of today. A migration that changes them leaves a copy of this text to the one before it."""

MIGRATIONS: tuple[str, ...] = (
    f"""
    CREATE TABLE attempts ({ATTEMPTS}) WITHOUT ROWID;
    CREATE INDEX attempts_at ON attempts (at_ms);
    CREATE INDEX attempts_conversation ON attempts (conversation) WHERE conversation IS NOT NULL;
    CREATE INDEX attempts_model ON attempts (model, at_ms, role, state, cost_picousd);
    CREATE INDEX attempts_workspace ON attempts (workspace, at_ms, model, role, state, cost_picousd)
        WHERE workspace IS NOT NULL;
    CREATE INDEX attempts_unfinished ON attempts (state) WHERE state <> 'settled';
    CREATE TABLE suggestions (at_ms INTEGER NOT NULL, event TEXT NOT NULL, client TEXT NOT NULL);
    CREATE INDEX suggestions_at ON suggestions (at_ms);
    """,
)
"""Each takes a ledger from the version before it (`PRAGMA user_version`) to its own; what is written here is never
changed again, only added to.
"""
