"""Keys: the vault that holds the data key, passphrases, the device's identity and its prekeys."""
