"""The encrypted store: connections, the instance lock, and everything that speaks SQL."""
