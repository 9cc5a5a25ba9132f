"""What the daemons import, in one place, so that a supervisor can import it once for all of them."""

from __future__ import annotations

import uvicorn

from relayer import app as relayer
from relayer.adapters.mqtt import tidy_broker as broker
from relayer.entrypoints.api import app as api
from relayer.entrypoints.devnet.sealing import serving as sealing

IMPORTED = (api, broker, relayer, sealing, uvicorn)
