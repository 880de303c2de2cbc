"""A district in one process: real stores, sealing, reading and merging, over a bad line in test code."""
