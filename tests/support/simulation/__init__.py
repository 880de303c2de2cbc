"""A district in one process: real stores, sealing, reading and merging, over bad lines in test code."""
