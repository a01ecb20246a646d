"""A version that was never published: it shows how little a new one takes."""
