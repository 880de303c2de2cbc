"""The one canonical form of bytes, and what is signed in it."""
