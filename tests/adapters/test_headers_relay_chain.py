"""Headers that come by way of a hub: brought there where they are wanted, and proven from its state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from light_clients.types import Address, Hash32, Height, TrustedHeader
from relayer.adapters.headers.relay_chain import PATIENCE, Hub, RelayChainHeaders
from relayer.domain.errors import Reverted, Transient
from relayer.ports import Evidence, HeaderUpdate, StorageNodes
from tests.adapters.support.sealed_source import Endpoints, FakeContract, FakeHeaders, SetClock, word
from tests.fakes import FakeCodec
from tests.vectors.committees import a_header
from tests.vectors.derived import (
    HUB,
    HUB_HEIGHT,
    NOW,
    SOURCE,
    SOURCE_CLIENT,
    HubState,
    a_client,
    halved,
    hub_header,
    hub_update,
    slots_of,
)

BROUGHT = b"the update that the hub's client takes"


@dataclass
class HubChain:
    """The hub as every port shows it: one state, whatever the height."""

    contract: FakeContract = field(default_factory=lambda: FakeContract(address=SOURCE_CLIENT))
    sent: list[tuple[Address, bytes]] = field(default_factory=list)
    height: int = HUB_HEIGHT
    refuses: bool = False
    loses: int = 0
    """So many errands never arrive."""
    freezes_at: int | None = None
    lies: bool = False
    """Its endpoints call the client frozen, and its state does not."""

    def __post_init__(self) -> None:
        if self.lies:
            self.contract.frozen = True

    @property
    def state(self) -> HubState:
        return HubState(slots_of(*self.contract.held.values(), frozen=int(self.contract.frozen and not self.lies)))

    def hold(self, *headers: TrustedHeader) -> None:
        self.contract.held |= {header.height: header for header in headers}

    def reach(self, at_least: Height) -> Height:
        self.height = max(self.height, at_least)
        if self.height == self.freezes_at:
            self.contract.frozen = True
        return Height(self.height)

    async def storage(self, account: Address, slots: Sequence[Hash32], height: Height) -> StorageNodes:
        assert (account, height) == (SOURCE_CLIENT, self.height)
        return StorageNodes(self.state.account_nodes(), [self.state.storage_nodes(slot) for slot in slots])

    async def send(self, to: Address, data: bytes) -> None:
        if self.refuses:
            raise Reverted("QuorumNotReached")
        self.sent.append((to, data))
        if len(self.sent) > self.loses:
            self.hold(a_header(9))

    async def newest(self, at_least: Height, at_most: Height | None = None) -> HeaderUpdate:
        """Of the hub itself, as its own light client takes it."""
        root = self.state.state.root
        return HeaderUpdate(hub_header(root, at_least), hub_update(root, at_least), signed=3)


class HubBlocks(Endpoints):
    """The hub's head, which is wherever somebody waits for it."""

    def __init__(self, hub: HubChain) -> None:
        super().__init__()
        self._hub = hub

    async def head(self, at_least: Height) -> Height:
        return self._hub.reach(at_least)


@dataclass
class Scene:
    """The hub, the source as the hub's client is shown it, and the headers that come of both."""

    hub: HubChain = field(default_factory=HubChain)
    asked: list[tuple[int, int | None]] = field(default_factory=list)

    @property
    def headers(self) -> RelayChainHeaders:
        hub = Hub(HUB, HubBlocks(self.hub), self.hub, self.hub.contract, self.hub, FakeCodec())
        to_hub, from_hub = FakeHeaders(self._of_source), FakeHeaders(self.hub.newest)
        return RelayChainHeaders(
            SOURCE, hub, to_hub=to_hub, from_hub=from_hub, contract=FakeContract(), clock=SetClock(NOW)
        )

    async def _of_source(self, at_least: Height, at_most: Height | None) -> HeaderUpdate:
        self.asked.append((at_least, at_most))
        return HeaderUpdate(a_header(9), BROUGHT, signed=4)


async def test_what_the_hub_holds_already_is_proven_from_its_state() -> None:
    scene = Scene()
    scene.hub.hold(a_header(7))

    update = await scene.headers.newest(Height(6))

    _, header = a_client().advance(update.update, NOW)
    assert header == update.header == halved(a_header(7))
    assert update.signed == 3
    assert not scene.asked + scene.hub.sent


async def test_a_header_that_the_hub_lacks_is_brought_there_first() -> None:
    scene = Scene()
    scene.hub.hold(a_header(7))

    update = await scene.headers.newest(Height(8))

    assert scene.asked == [(8, None)]
    assert scene.hub.sent == [(SOURCE_CLIENT, FakeCodec().encode_update(BROUGHT))]
    _, header = a_client().advance(update.update, NOW)
    assert header == halved(a_header(9))


async def test_a_header_in_between_is_brought_when_the_hubs_newest_proves_too_much() -> None:
    scene = Scene()
    scene.hub.hold(a_header(20))

    update = await scene.headers.newest(Height(8), Height(12))

    assert scene.asked == [(8, 12)]
    assert update.header == halved(a_header(9))


async def test_what_another_relayer_brought_meanwhile_is_not_brought_again() -> None:
    scene = Scene()
    scene.hub.hold(a_header(9), a_header(20))

    update = await scene.headers.newest(Height(8), Height(12))

    assert not scene.hub.sent
    assert update.header == halved(a_header(9))


async def test_an_errand_that_does_not_arrive_is_sent_again() -> None:
    scene = Scene(HubChain(loses=2))

    update = await scene.headers.newest(Height(8))

    assert len(scene.hub.sent) == 3
    assert scene.hub.height >= HUB_HEIGHT + 2 * PATIENCE
    assert update.header == halved(a_header(9))


async def test_a_hub_whose_light_client_refuses_the_header_is_told_of() -> None:
    scene = Scene(HubChain(refuses=True))

    with pytest.raises(Reverted, match="QuorumNotReached"):
        await scene.headers.newest(Height(8))


async def test_a_state_that_does_not_prove_the_header_is_trouble_of_the_ordinary_kind() -> None:
    scene = Scene()
    scene.hub.hold(a_header(7))
    scene.hub.contract.answers["latestHeight()"] = lambda: word(8)

    with pytest.raises(Transient, match="does not prove block 8"):
        await scene.headers.newest(Height(6))


async def test_a_frozen_client_of_the_hub_proves_no_header() -> None:
    scene = Scene()
    scene.hub.hold(a_header(7))
    scene.hub.contract.frozen = True

    with pytest.raises(Transient, match="SourceClientFrozen"):
        await scene.headers.newest(Height(6))


async def test_a_frozen_client_of_the_hub_is_evidence() -> None:
    scene = Scene()
    scene.hub.hold(a_header(7))
    scene.hub.contract.frozen = True

    found = await scene.headers.misbehaviour()

    assert isinstance(found, Evidence)
    assert "is frozen" in found.what
    a_client().verify_misbehaviour(found.proof, NOW)


async def test_the_hub_is_watched_until_its_client_freezes() -> None:
    scene = Scene()
    scene.hub.hold(a_header(7))
    scene.hub.freezes_at = HUB_HEIGHT + 5

    found = await scene.headers.misbehaviour()

    assert scene.hub.height == HUB_HEIGHT + 5
    assert isinstance(found, Evidence)


async def test_a_freezing_that_the_hubs_state_does_not_show_is_no_evidence() -> None:
    scene = Scene(HubChain(lies=True))
    scene.hub.hold(a_header(7))

    with pytest.raises(Transient, match="does not prove that its light client is frozen"):
        await scene.headers.misbehaviour()
