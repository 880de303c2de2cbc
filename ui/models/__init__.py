"""Qt models over what the services give."""
