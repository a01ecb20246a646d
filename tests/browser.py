"""The headless browser that the browser tests drive: the machine's own, else installed by apt."""

from typing import TypedDict

from tests import apt, fonts

PACKAGE = "chromium-headless-shell"
NAMES = (PACKAGE, "chromium", "chromium-browser", "google-chrome")


class Launch(TypedDict):
    """How a browser is started."""

    executable_path: str
    args: list[str]
    env: dict[str, str | float | bool]


def launch() -> Launch:
    """The machine's browser, with the project's fonts."""
    path = apt.locate(NAMES)
    assert path, "run `make browser` first"
    return Launch(executable_path=path, args=["--no-sandbox"], env={**fonts.environment()})


if __name__ == "__main__":
    apt.provide(NAMES, (PACKAGE,))
