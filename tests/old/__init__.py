"""The program of the first slice: its body of an envelope, and the record types that it knew."""
