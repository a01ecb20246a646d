"""The web app's dev server finds the backend where it listens unless told otherwise."""

import re
from pathlib import Path

import pytest

from deploy.ops.commands.parts import bff, up

pytestmark = pytest.mark.unit

CONFIG = Path(__file__).parents[2] / "bff" / "web" / "vite.config.ts"


def test_dev_server_asks_the_backend_at_its_default_port() -> None:
    text = CONFIG.read_text()
    match = re.search(r'process\.env\.BELEG_BFF_URL \?\? "http://127\.0\.0\.1:(\d+)"', text)
    assert match
    ports = [
        each.default
        for command, option in ((bff, "port"), (up, "web_port"))
        for each in command.params
        if each.name == option
    ]
    assert ports == [int(match[1])] * 2
    assert 'proxy: { "/bff": BFF }' in text
