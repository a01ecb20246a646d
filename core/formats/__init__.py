"""Formats: what files say, a folder a format; which of them reads a file stands in `parsers`."""
