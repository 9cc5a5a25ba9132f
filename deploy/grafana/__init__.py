"""Grafana dashboards, written as code: `python -m deploy.grafana` makes the JSON beside it."""

from deploy.grafana.accounts import ACCOUNTS
from deploy.grafana.chains import CHAINS
from deploy.grafana.lanes import LANES
from deploy.grafana.market import MARKET
from deploy.grafana.overview import OVERVIEW

DASHBOARDS = (OVERVIEW, LANES, CHAINS, ACCOUNTS, MARKET)
