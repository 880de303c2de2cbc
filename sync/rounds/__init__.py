"""What is said to the relay in one exchange."""
