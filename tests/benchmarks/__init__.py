"""Measurements against the limits of the design; `python -m tests.benchmarks` prints one table."""
