"""What the tests of promises send, by version."""

from typing import Any

import pytest

from tests.builders import application

OLD = {"company_name": "A", "type": "LOAN", "amount_eur": 1, "duration": 1}
BODIES: dict[str, Any] = {"v1": OLD, "v2": application()}
HOOK = {"url": "https://hooks.partner.example/beleg", "events": ["application.in_review"]}
VERSION = pytest.mark.parametrize("version", list(BODIES))
MIB = 1024 * 1024
