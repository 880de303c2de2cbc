"""Counts a run from its stores and searches it for leaks; shares no code with the program or the demo."""
