"""What the public API can do, a file a noun, written once for every version."""
