"""Grafana's dashboards, written by `python -m deploy.dashboards`; one imports the JSON."""
