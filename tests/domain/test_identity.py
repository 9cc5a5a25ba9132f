from __future__ import annotations

from light_clients.types import ChainId, Height
from relayer.domain.ids import Nonce
from relayer.domain.reorgs import BLOCKS_KEPT, extends, forgotten
from relayer.domain.slots import GATEWAY_STORAGE, sent_accumulator_slot
from relayer.domain.topics import attestation, attestations, message_state, relayer_status
from tests.makers import a_block, a_lane


def test_the_gateways_namespace_is_the_one_of_the_contract() -> None:
    assert hex(GATEWAY_STORAGE) == "0xda762a6435aff43bff6f91eaf92356939bb0739a555f6b8e688d95c8279ea600"


def test_each_destination_has_its_own_slot() -> None:
    assert sent_accumulator_slot(ChainId(1)) != sent_accumulator_slot(ChainId(2))


def test_a_head_says_whether_it_builds_on_what_was_read_when_it_is_the_next_block() -> None:
    assert extends(a_block(5), a_block(5)) is True
    assert extends(a_block(6), a_block(5)) is True
    assert extends(a_block(5, "fork"), a_block(5)) is False
    assert extends(a_block(6, "fork"), a_block(5)) is False
    assert extends(a_block(7), a_block(5)) is None


def test_blocks_are_remembered_back_to_a_final_one_however_old_it_is() -> None:
    read = [a_block(number) for number in range(1000, 0, -1)]

    assert forgotten(read, Height(1000)) == 1000 - BLOCKS_KEPT + 1
    assert forgotten(read, Height(40)) == 40
    assert forgotten(read[:10], Height(1000)) == 0


def test_topics_are_those_of_the_document() -> None:
    lane = a_lane(1, 2)

    assert attestation(ChainId(1), Height(7)) == "lockkeeper/v1/1/attestations/7"
    assert attestations(ChainId(1)) == "lockkeeper/v1/1/attestations/+"
    assert message_state(lane, Nonce(3)) == "lockkeeper/v1/messages/1/2/3/state"
    assert relayer_status("relayer-1") == "lockkeeper/v1/relayers/relayer-1/status"
