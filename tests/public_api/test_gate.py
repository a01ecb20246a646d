"""A change that would break a client of a published version does not pass."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from deploy.ops.contracts import check
from public_api.contract.gate import breaks
from public_api.openapi import published
from public_api.v2.version import V2

pytestmark = pytest.mark.unit
ONE = "/v2/applications/{id}"
LIST = "/v2/applications"


def _application(document: Any) -> Any:
    return document["components"]["schemas"]["Application"]


BREAKS: dict[str, Callable[[Any], object]] = {
    "a path is gone": lambda d: d["paths"].pop(ONE),
    "a method is gone": lambda d: d["paths"][LIST].pop("post"),
    "an operationId is renamed": lambda d: d["paths"][ONE]["get"].update(operationId="other"),
    "a field is gone": lambda d: _application(d)["properties"].pop("purpose"),
    "a field is retyped": lambda d: _application(d)["properties"].update(
        term_months={"type": "string"}
    ),
    "a field may be null": lambda d: _application(d)["properties"].update(
        term_months={"anyOf": [{"type": "integer"}, {"type": "null"}]}
    ),
    "a field is no longer always there": lambda d: _application(d)["required"].remove("status"),
    "a field of a request is required": lambda d: d["components"]["schemas"]["SubmitApplication"][
        "required"
    ].append("purpose"),
    "a limit of a request is tighter": lambda d: d["components"]["schemas"]["SubmitApplication"][
        "properties"
    ]["term_months"].update(maximum=360),
    "a word of a request is gone": lambda d: d["components"]["schemas"]["SubmitApplication"][
        "properties"
    ]["product"]["enum"].remove("mortgage"),
    "a status code is another": lambda d: d["paths"][LIST]["post"]["responses"].pop("201"),
    "a parameter is gone": lambda d: d["paths"][LIST]["get"]["parameters"].pop(),
    "a parameter is required": lambda d: d["paths"][LIST]["get"]["parameters"][0].update(
        required=True
    ),
    "pages are smaller": lambda d: d["paths"][LIST]["get"]["parameters"][0]["schema"].update(
        maximum=50
    ),
    "a scope is another": lambda d: d["paths"][ONE]["get"].update({"x-beleg-scope": "report:read"}),
}


def test_what_would_be_served_is_what_was_published() -> None:
    assert check() == []


@pytest.mark.parametrize("name", BREAKS)
def test_a_break_is_caught(name: str) -> None:
    old = published(V2)
    new = copy.deepcopy(old)
    BREAKS[name](new)
    found = breaks(old, new)
    assert found, name
    assert all("would break" in str(each) for each in found)


def test_what_is_only_added_breaks_nobody() -> None:
    old = published(V2)
    new = copy.deepcopy(old)
    new["paths"]["/v2/more"] = {"get": copy.deepcopy(new["paths"][LIST]["get"])}
    new["paths"]["/v2/more"]["get"]["operationId"] = "listMore"
    _application(new)["properties"]["colour"] = {"type": "string"}
    assert breaks(old, new) == []
