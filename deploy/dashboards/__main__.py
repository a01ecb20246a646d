"""`python -m deploy.dashboards`: write each dashboard beside this, as Grafana imports it."""

import json
from pathlib import Path

from deploy.dashboards.panels import Dashboard, grafana
from deploy.dashboards.release import RELEASE
from deploy.dashboards.service import SERVICE

DASHBOARDS = {"service.json": SERVICE, "release.json": RELEASE}
FOLDER = Path(__file__).parent


def text(dashboard: Dashboard) -> str:
    """The dashboard's file."""
    return json.dumps(grafana(dashboard), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, dashboard in DASHBOARDS.items():
        (FOLDER / name).write_text(text(dashboard), encoding="utf-8")
