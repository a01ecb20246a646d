"""All instances at once: which there are, how each stands, and one command on all, in waves."""
