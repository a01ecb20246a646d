"""The commands of `beleg`, a file a noun; what one needs is imported when it runs."""
