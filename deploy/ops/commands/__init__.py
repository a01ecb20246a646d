"""The commands of `beleg`, a file a kind; what one needs is imported when it runs."""
