"""Data on its way into its new shape, in small batches beside whatever runs: three texts a file."""
