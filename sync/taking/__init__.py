"""What came: applied, held or quarantined; what lacks is asked for."""
