"""Who belongs to the district: which roster is in force, and what keepers do with it."""
