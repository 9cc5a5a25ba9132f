"""One devnet for all journeys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.support.devnet import Devnet, a_devnet
from tests.journeys.support.fixtures import *  # noqa: F403 - its fixtures


@pytest.fixture(scope="package")
def devnet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devnet]:
    with a_devnet(tmp_path_factory.mktemp("journeys") / "devnet") as running:
        yield running
