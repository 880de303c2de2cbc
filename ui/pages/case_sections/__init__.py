"""The parts of a case file's page."""
