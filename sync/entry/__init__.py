"""Coming into a district: invitations, six words, admission; a store that worked alone."""
