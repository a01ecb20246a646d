"""One parser under libFuzzer, which sees which of our code each file has reached."""

import sys
from functools import partial

import atheris


def main() -> None:
    """Hand everything to libFuzzer, whose options follow the parser's name."""
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=["core"]):  # only what is imported in here
        from tests.fuzz.check import check, parser
    atheris.Setup(sys.argv, partial(check, parser(name)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
