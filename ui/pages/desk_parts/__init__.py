"""The parts of the supervisor's desk."""
