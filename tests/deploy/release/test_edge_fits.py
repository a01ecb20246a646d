"""What the edge lets through, the parts behind it take."""

import pytest

from core.settings import Settings
from deploy.release.edge.clusters import MOST
from deploy.release.edge.settings import Limits

pytestmark = pytest.mark.unit
ADDED = 30
"""Headers that Envoy and proxies before it may add."""


def test_a_request_that_passes_the_edge_is_refused_by_no_bound_of_a_part() -> None:
    edge, part = Limits(), Settings()
    assert part.header_limit >= edge.headers + ADDED
    assert part.head_limit_bytes >= edge.header_kib * 1024 + 4 * (edge.headers + ADDED)
    assert part.head_seconds >= edge.header_seconds
    assert part.connection_limit > MOST
    assert part.request_seconds < edge.idle_seconds


def test_the_slowest_upload_that_a_part_takes_is_slower_than_the_edges() -> None:
    edge, part = Limits(), Settings()
    assert part.body_bytes_per_second < part.document_limit_bytes / edge.request_seconds
