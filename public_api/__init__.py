"""The public API: published versions side by side over one core."""
