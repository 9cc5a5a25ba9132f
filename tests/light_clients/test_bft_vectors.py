"""BFT updates and evidence that Foundry reads too: both languages say the same, error names included."""

from __future__ import annotations

import pytest

from light_clients.bft.client import HALF, BftClient, Newest
from light_clients.bft.extra_data import Dialect
from light_clients.bft.validators import Validators
from light_clients.errors import LightClientError
from light_clients.evm.header import decode_header
from light_clients.types import ChainId, Hash32, Height, TrustedHeader
from tests.light_clients.vectors import Case, cases, name_of


def client_of(case: Case) -> BftClient:
    newest = Newest(case.number("anchorHeight"), case.number("anchorTimestamp"), case.data("anchorHash")[:HALF])
    return BftClient(
        ChainId(case.number("sourceChain")),
        Dialect(case.text("dialect")),
        Validators(case.data("validators")),
        newest,
        case.number("trustingPeriod"),
        bool(case.number("oneThirdOverlap")),
    )


@pytest.mark.parametrize("case", cases("bft/updates.json"), ids=name_of)
def test_an_update_proves_its_header_or_breaks_the_named_rule(case: Case) -> None:
    client, update, now = client_of(case), case.data("update"), case.number("now")

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.advance(update, now)
        assert type(error.value).__name__ == case.rejects
        return
    after, header = client.advance(update, now)

    assert header == TrustedHeader(
        client.source,
        Height(case.number("height")),
        Hash32(case.data("blockHash")),
        Hash32(case.data("stateRoot")),
        Hash32(case.data("receiptsRoot")),
        case.number("timestamp"),
    )
    assert after.validators.hash == case.data("validatorsHash")
    assert after.newest.half == case.data("latestBlockHash")[:HALF]


@pytest.mark.parametrize("case", cases("bft/evidence.json"), ids=name_of)
def test_evidence_names_the_height_or_breaks_the_named_rule(case: Case) -> None:
    client, evidence = client_of(case), case.data("evidence")
    if before := case.data("before"):
        client, _ = client.advance(before, case.number("beforeNow"))

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.verify_misbehaviour(evidence, case.number("now"))
        assert type(error.value).__name__ == case.rejects
    else:
        one, other = client.verify_misbehaviour(evidence, case.number("now"))
        assert one.height == other.height == case.number("height")
        assert one.block_hash != other.block_hash


@pytest.mark.parametrize("case", cases("bft/headers.json"), ids=name_of)
def test_a_header_is_read_or_malformed(case: Case) -> None:
    if case.rejects:
        with pytest.raises(LightClientError) as error:
            decode_header(case.data("header"))
        assert type(error.value).__name__ == case.rejects
        return
    header = decode_header(case.data("header"))
    assert header.hash() == case.data("hash")
    assert (header.number, header.timestamp) == (case.number("number"), case.number("timestamp"))
    assert (header.state_root, header.extra_data) == (case.data("stateRoot"), case.data("extraData"))
