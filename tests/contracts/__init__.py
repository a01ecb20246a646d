"""Golden exchanges: what each version was asked once, and every byte that it answered."""
