"""Exchange by a folder: a stick or a shared drive carries the same sealed items as the relay."""
