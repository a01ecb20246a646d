"""An operator's own commands: how they are told what is wanted, and run."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.errors import Unavailable
from deploy.release.sources import said


def filled(words: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """The words with `{build}` and the like replaced by what they stand for."""
    found = list(words)
    for name, value in values.items():
        found = [each.replace(f"{{{name}}}", value) for each in found]
    return found


async def run(words: Sequence[str], environ: Mapping[str, str], seconds: float) -> str:
    """What a command said; raises Unavailable where it fails or does not end."""
    try:
        async with asyncio.timeout(seconds):
            return await said(*words, cwd=Path.cwd(), environ={**os.environ, **environ})
    except (FileNotFoundError, PermissionError) as problem:
        raise Unavailable(f"{words[0]} cannot be run: {problem.strerror}.") from problem
    except TimeoutError as problem:
        shown = f"`{' '.join(words)}` has not ended after {seconds:g} s."
        raise Unavailable(shown) from problem
