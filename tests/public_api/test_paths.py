"""Which resource serves a path."""

import pytest
from starlette.types import Receive, Scope, Send

from public_api.paths import Paths

pytestmark = pytest.mark.unit


class Named:
    def __init__(self, name: str) -> None:
        self.name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Never called."""


ITEMS, ITEM, PART, LATEST = Named("items"), Named("item"), Named("part"), Named("latest")
PATHS = Paths(
    {
        "/v2/items": ITEMS,
        "/v2/items/{id}": ITEM,
        "/v2/items/{id}/parts/{part_id}": PART,
        "/v2/items/latest": LATEST,
    }
)


@pytest.mark.parametrize(
    ("path", "app", "named"),
    [
        ("/v2/items", ITEMS, {}),
        ("/v2/items/7", ITEM, {"id": "7"}),
        ("/v2/items/7/parts/9", PART, {"id": "7", "part_id": "9"}),
        ("/v2/items/latest", LATEST, {}),
    ],
)
def test_a_path_leads_to_its_resource(path: str, app: Named, named: dict[str, str]) -> None:
    assert PATHS.find(path) == (app, named)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/v2", "/v2/items/", "/v2//items", "/v3/items", "/v2/items/7/parts", "/v2/items/7/x"],
)
def test_a_path_that_is_none_leads_nowhere(path: str) -> None:
    assert PATHS.find(path) is None


def test_one_place_has_one_name() -> None:
    with pytest.raises(ValueError, match="named here already"):
        Paths({"/a/{id}": ITEM, "/a/{other}/b": PART})
