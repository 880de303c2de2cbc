"""The log of reads, prints and exports: sealed to the keepers, opened by two of them for a stated reason."""
