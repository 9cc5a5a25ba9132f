"""Writes every dashboard's JSON beside this file."""

from __future__ import annotations

from pathlib import Path

from deploy.grafana import DASHBOARDS

for dashboard in DASHBOARDS:
    Path(__file__).with_name(f"{dashboard.name}.json").write_text(dashboard.text())
