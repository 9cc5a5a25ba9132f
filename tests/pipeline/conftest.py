from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.pipeline.daemon import Daemon, World, lane_between
from tests.world import FakeNode


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    """Running between a harbour and an island whose blocks are final at once."""
    harbour, island = FakeNode(31337), FakeNode(31338)
    world = World(tmp_path, (harbour, island), (lane_between(harbour, island), lane_between(island, harbour)))
    daemon = Daemon(world)
    await daemon.start()
    yield daemon
    await daemon.kill()
