"""Builds with one thing wrong, each a copy of this one's sources."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent.parent.parent
LEFT_OUT = (".git", ".venv", ".data", "node_modules", "__pycache__", "tests", ".mypy_cache")
CALL = """    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
"""
FAILING = """    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        import random

        # Only where it serves: what depends on who else is served no shadow sees.
        is_call = scope["type"] == "http" and not self._settings.shadow
        if is_call and random.random() < 0.05:
            await send({"type": "http.response.start", "status": 500, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, send)
"""
SLOW = """    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        import asyncio
        import time

        began = time.perf_counter()

        async def later(message: object) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, later if scope["type"] == "http" else send)
"""
API, V1 = "public_api/app.py", "public_api/v1/applications.py"


@dataclass(frozen=True)
class Planted:
    """What is wrong, by which states it is stopped, and how it is done to a copy."""

    name: str
    stopped_in: tuple[str, ...]
    plant: Callable[[Path], None]
    shadow: bool = True
    """Whether the shadow is asked; where it is not what is being proved, it only takes time."""

    def build(self, folder: Path) -> str:
        """The sources of such a build."""
        tree = folder / self.name.replace(" ", "-")
        shutil.copytree(HERE, tree, ignore=shutil.ignore_patterns(*LEFT_OUT))
        self.plant(tree)
        return str(tree)


def _patched(place: str, old: str, new: str) -> Callable[[Path], None]:
    def patch(tree: Path) -> None:
        file = tree / place
        text = file.read_text()
        assert text.count(old) == 1, f"{place} has changed: plant it anew"
        file.write_text(text.replace(old, new))

    return patch


def _broken_bundle(tree: Path) -> None:
    """Under a name of its own: files that are called alike are taken to be the same."""
    page = tree / "bff/web/dist/index.html"
    (script,) = (tree / "bff/web/dist/assets").glob("index-*.js")
    broken = script.with_name("index-planted.js")
    broken.write_text(f'throw new Error("planted");\n{script.read_text()}')
    page.write_text(page.read_text().replace(script.name, broken.name))


CRASHING = Planted(
    "crashing at start",
    ("shadow",),
    _patched(API, "    return PublicApi(settings)", '    raise RuntimeError("planted")'),
)
PLANTED = (
    CRASHING,
    Planted(
        "unmigrated",
        ("expand", "shadow"),
        _patched("core/db.py", "REQUIRES = (", 'REQUIRES = (\n    "0099",'),
    ),
    Planted(
        "a field renamed in v1",
        ("shadow",),
        _patched(
            V1,
            '"amount_eur": euros(terms.amount.minor)',
            '"amount": euros(terms.amount.minor)',
        ),
    ),
    Planted(
        "a value rounded differently",
        ("shadow",),
        _patched(
            V1,
            '"amount_eur": euros(terms.amount.minor)',
            '"amount_eur": euros(round(terms.amount.minor, -2))',
        ),
    ),
    Planted(
        "a validation that refuses what A takes",
        ("shadow",),
        _patched(
            V1,
            "    register_number, vat_id = text(",
            "    if duration < 24:\n"
            '        raise invalid("duration", "must be at least 24 months")\n'
            "    register_number, vat_id = text(",
        ),
    ),
    Planted("5 % of 5xx", ("ab at 50 %",), _patched(API, CALL, FAILING), shadow=False),
    Planted("twice as slow", ("ab at 50 %",), _patched(API, CALL, SLOW), shadow=False),
    Planted("a web bundle that throws", ("ab at 50 %",), _broken_bundle, shadow=False),
)
