"""The windows: they wire pages and dialogs together and do nothing else."""
