"""Who receives which change, under which key."""
