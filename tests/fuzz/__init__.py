"""Fuzzing of every reader of what comes from outside."""
