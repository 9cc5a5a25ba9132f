"""What the daemons import, in one place, so that a supervisor can import it once for all of them."""

from __future__ import annotations

import amqtt.broker
import uvicorn

from relayer import app as relayer
from relayer.entrypoints.api import app as api

IMPORTED = (amqtt.broker, api, relayer, uvicorn)
