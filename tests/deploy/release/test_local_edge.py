"""What `beleg up --edge` writes for a release."""

import tomllib
from pathlib import Path

from deploy.release.edge.local import LocalEdge


def test_the_plan_that_an_operator_has_added_outlives_a_start(tmp_path: Path) -> None:
    edge = LocalEdge(tmp_path, "127.0.0.1", api_port=1, web_port=2, admin_port=3, parts={})
    file = tmp_path / "release.toml"
    edge.write_config({"BELEG_DATABASE_URL": "postgresql://first"}, 20)
    file.write_text(file.read_text() + "[plan]\nminimum = 7\nweights = [5, 50]\n")
    for _ in range(2):
        edge.write_config({"BELEG_DATABASE_URL": "postgresql://second"}, 20)
    told = tomllib.loads(file.read_text())
    assert told["plan"] == {"minimum": 7, "weights": [5, 50]}
    assert told["environment"] == {"BELEG_DATABASE_URL": "postgresql://second"}
