"""Frozen bytes of every released format: what was sealed once must open for ever."""
