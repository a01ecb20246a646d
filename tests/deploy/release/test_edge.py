"""The edge: a real Envoy sends everybody where it is told, and nobody notices that it is there."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.release.model import Condition, ConditionKind, Routing, Slot
from tests.edges import Edge, echoing

ALL_TO_A = Routing(Slot.BLUE)
TWO = {Slot.BLUE: 1, Slot.GREEN: 1}
THREE = {Slot.BLUE: 1, Slot.GREEN: 1, Slot.BASELINE: 1}


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with echoing(tmp_path, THREE, ALL_TO_A) as running:
        yield running


async def slots_of(edge: Edge, keys: list[str]) -> list[str]:
    """Where each of these keys is sent."""
    found = []
    async with httpx.AsyncClient(base_url=edge.api) as http:
        for key in keys:
            answer = await http.get("/v2/x", headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code == 200, answer.text
            found.append(answer.json()["slot"].split("-")[1])
    return found


async def test_a_key_stays_with_its_build_while_the_weight_only_rises(edge: Edge) -> None:
    keys = [f"beleg_live_{n:04d}xxxxxxxxxx" for n in range(120)]
    before = ["blue"] * len(keys)
    for weight in (5, 25, 50, 100):
        await edge.send(Routing(Slot.BLUE, Slot.GREEN, weight, Slot.BASELINE))
        now = await slots_of(edge, keys)
        assert now == await slots_of(edge, keys)
        assert all(new == "green" for old, new in zip(before, now, strict=True) if old == "green")
        before = now
    assert set(before) == {"green"}
