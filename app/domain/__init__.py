"""Records, process and rules: no input or output, no clock, no sentences for users."""
