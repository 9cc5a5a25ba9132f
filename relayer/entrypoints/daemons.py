"""What the daemons import, in one place, so that a supervisor can import it once for all of them."""

from __future__ import annotations
