"""Use cases, one per function, over protocols: no store, no screen, no network."""
