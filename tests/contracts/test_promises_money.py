"""Version 2's money is a text with its currency, wherever an amount stands."""

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from deploy.demo import Company
from public_api.openapi import published
from public_api.v2.version import V2
from tests.builders import House, company, statements, statements_without
from tests.contracts.exchange import STATEMENT

VALUES = {"amount", "count", "days", "months", "text", "date"}
ALTERED = STATEMENT.replace("48510.00", "48511.00", 1).replace("48550.00", "48560.00", 1)


def altered(firm: Company) -> bytes:
    """Two accounts of a company whose statements do not reconcile."""
    return ALTERED.replace("Muster Werkzeugbau GmbH", firm.cast.name).encode()


CASES: dict[str, tuple[Callable[[], Company], Any]] = {
    "two years": (company, statements),
    "a year and its trend": (partial(company, 3, months=13), statements),
    "with a gap": (partial(company, 5, months=12), partial(statements_without, months_back=4)),
    "that does not reconcile": (partial(company, 1, months=12), lambda firm: [altered(firm)]),
    "nothing": (partial(company, 1, months=12), lambda _: [b"<a/>"]),
}


def leaves(value: Any, name: str = "") -> Iterator[str]:
    """What a figure's detail says, each number and text as it stands."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, name)
    else:
        yield str(value)


def said(component: dict[str, Any]) -> Iterator[str]:
    """What a component says, its amount in the currency's minor unit."""
    if "amount" in component:
        assert component["amount"]["currency"] == "EUR"
        yield str(int(Decimal(component["amount"]["value"]) * 100))
    for name in VALUES - {"amount"} & component.keys():
        yield str(component[name])
    yield from map(str, component.get("of", {}).values())


@pytest.mark.parametrize("name", CASES)
async def test_every_part_of_a_figure_says_what_it_is(house: House, name: str) -> None:
    """`components` say all that `detail` does, each part with one value, amounts as money."""
    partner = await house.partner()
    make, files = CASES[name]
    firm = make()
    application_id = await house.case(partner, firm, files(firm))
    report = await partner.get(f"/v2/applications/{application_id}/report")
    for figure in report["figures"]:
        for each in figure["components"]:
            assert len(VALUES & each.keys()) == 1, each
        told = Counter(text for each in figure["components"] for text in said(each))
        assert Counter(leaves(figure["detail"])) <= told, figure["id"]
    if name == "that does not reconcile":
        (reconciliation,) = [each for each in report["figures"] if each["id"] == "reconciliation"]
        differences = [
            each for each in reconciliation["components"] if each["name"].startswith("difference")
        ]
        assert differences[0]["amount"]["value"] == "-1.00"
        assert {*differences[0]["of"]} == {"account", "statement_id", "starts_on", "ends_on"}


@pytest.mark.unit
def test_what_was_published_with_bare_amounts_is_deprecated_and_says_what_to_use() -> None:
    """`detail` goes on as it was; the document says what to use in its place."""
    detail = published(V2)["components"]["schemas"]["Figure"]["properties"]["detail"]
    assert detail["deprecated"] is True
    assert "`components`" in detail["description"]
