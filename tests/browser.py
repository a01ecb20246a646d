"""The headless browser that the browser tests drive: the machine's own, else installed by apt."""

from tests import apt

PACKAGE = "chromium-headless-shell"
NAMES = (PACKAGE, "chromium", "chromium-browser", "google-chrome")


def locate() -> str | None:
    """The path of the machine's browser."""
    return apt.locate(NAMES)


if __name__ == "__main__":
    apt.provide(NAMES, (PACKAGE,))
