"""Data on its way into its new shape, a batch at a time."""
