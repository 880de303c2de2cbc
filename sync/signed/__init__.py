"""What one device signs for others, beside envelopes and rosters: reading strictly, making; no store."""
