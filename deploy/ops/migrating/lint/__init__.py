"""What a revision may not do, told from its text before anything runs."""
