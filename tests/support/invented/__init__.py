"""The invented district: one builder from a seed for tests, demo and benchmarks. Nothing in it is real."""
