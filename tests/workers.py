"""A run by several workers (pytest-xdist): what is made once for all of them."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from deploy.ops.postgres import Embedded
from tests import postgres

OPERATORS = "BELEG_TEST_DATABASE_URL"
TEMPLATE = "BELEG_TEST_TEMPLATE"
"""Names a migrated database of the operator's, where one is kept from run to run."""
Given = dict[str, str]
_GIVEN = pytest.StashKey[Given]()


def given(config: pytest.Config) -> Given:
    """What this process was given, as a worker or by the environment; nothing where it is alone."""
    found: Given = getattr(config, "workerinput", {}).get("given", {})
    if template := os.environ.get(TEMPLATE):
        return {**found, "template": template}
    return found


def give(config: pytest.Config) -> Given:
    """What every worker of this run is given: made at the first call, kept until the run ends."""
    if _GIVEN not in config.stash:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        config.stash[_GIVEN] = stack.enter_context(_prepared())
    return config.stash[_GIVEN]


@contextmanager
def _prepared() -> Iterator[Given]:
    """The data of a server with the template on it, for each worker to run a server on a copy.

    They share none: what is open in one database holds back the events of all others (their
    readers stop at the oldest transaction of the whole server), and a test waits for its own.
    """
    if os.environ.get(OPERATORS):
        yield {}
        return
    with postgres.folder() as path:
        with Embedded(path, postgres.FAST) as server:
            template = asyncio.run(_template(server))
        yield {"folder": str(path), "template": template}


async def _template(server: Embedded) -> str:
    return await postgres.create_template(await postgres.address(server))
