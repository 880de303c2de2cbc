"""Pages of the main window: one a module, each shows and asks, none decides."""
