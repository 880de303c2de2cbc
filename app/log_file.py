"""The log's file; apart, because what rotates files imports much that the first window does without."""

from logging.handlers import RotatingFileHandler


class LogFile(RotatingFileHandler):
    """Our own file, to be told from the handlers of a test or a host program."""
