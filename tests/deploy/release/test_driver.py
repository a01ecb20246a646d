"""A release goes its way whoever is killed on it, and back whenever an operator says so."""

from pathlib import Path

from tests.deploy.release.killed import killed_at

WAY = [
    ["", "expand", "start"],
    ["expand", "shadow", "pass"],
    ["shadow", "ab at 5 %", "pass"],
    ["ab at 5 %", "ab at 50 %", "pass"],
    ["ab at 50 %", "switch", "pass"],
    ["switch", "soak", "pass"],
    ["soak", "contract", "pass"],
    ["contract", "done", "pass"],
]
DONE = {
    "blue": None,
    "green": {"build": "b", "parts": ["api", "bff", "worker"]},
    "baseline": None,
    "shadow-a": None,
    "shadow-b": None,
    "edge": ["green", None, 0.0, None, 0.0, "", ["green"]],
    "differ": None,
}
ON_A = DONE | {
    "blue": {"build": "a", "parts": ["api", "bff", "worker"]},
    "green": None,
    "edge": ["blue", None, 0.0, None, 0.0, "", ["blue"]],
}


async def test_a_release_whose_gates_pass_ends_with_b_alone(database: str, tmp_path: Path) -> None:
    [whole] = await killed_at(database, tmp_path / "world", "", "[]")
    assert whole["steps"] == WAY
    assert whole["world"] == DONE
