"""A run by several workers (pytest-xdist): what is made once for all, and what they hand back."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from tests import postgres

OPERATORS = "BELEG_TEST_DATABASE_URL"
Given = dict[str, Any]
_GIVEN = pytest.StashKey[Given]()


def given(config: pytest.Config) -> Given:
    """What this process was given as a worker; nothing where it runs the tests alone."""
    found: Given = getattr(config, "workerinput", {}).get("given", {})
    return found


def give(config: pytest.Config) -> Given:
    """What every worker of this run is given: made at the first call, kept until the run ends."""
    if _GIVEN not in config.stash:
        runner, stack = asyncio.Runner(), AsyncExitStack()

        def end() -> None:
            with runner:
                runner.run(stack.aclose())

        config.add_cleanup(end)
        config.stash[_GIVEN] = runner.run(stack.enter_async_context(_prepared()))
    return config.stash[_GIVEN]


@asynccontextmanager
async def _prepared() -> AsyncIterator[Given]:
    """One PostgreSQL, the operator's or our own, and one template on it."""
    async with AsyncExitStack() as stack:
        place: Given = {}
        url = os.environ.get(OPERATORS)
        if url is None:
            server = stack.enter_context(postgres.serving())
            place, url = postgres.place(server), await postgres.address(server)
        yield {**place, "template": await stack.enter_async_context(postgres.template(url))}
