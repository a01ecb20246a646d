"""What takes longer than the tests may: `make prove` runs it, `make test` does not."""
