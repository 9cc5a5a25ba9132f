"""The contracts' own ABI names every event as it is read here."""

from __future__ import annotations

import pytest

from light_clients.types import Hash32
from relayer.adapters.evm.market import abi
from relayer.entrypoints.onchain.artifacts import artifact

EVENTS = [
    ("Marketplace", "ListingValidated", abi.LISTING_VALIDATED),
    ("Marketplace", "ListingCancelled", abi.LISTING_CANCELLED),
    ("Marketplace", "CounterIncremented", abi.COUNTER_INCREMENTED),
    ("Marketplace", "ListingFulfilled", abi.LISTING_FULFILLED),
    ("Settlement", "PurchaseOpened", abi.PURCHASE_OPENED),
    ("Settlement", "PurchaseFulfilled", abi.PURCHASE_FULFILLED),
    ("Settlement", "PurchaseRefused", abi.PURCHASE_REFUSED),
    ("Settlement", "PurchaseSettled", abi.PURCHASE_SETTLED),
    ("Settlement", "PurchaseRefunded", abi.PURCHASE_REFUNDED),
    ("Settlement", "Credited", abi.CREDITED),
    ("Settlement", "Withdrawn", abi.WITHDRAWN),
    ("AssetGateway", "TokenWrapped", abi.TOKEN_WRAPPED),
    ("SampleERC721", "Transfer", abi.TRANSFER),
    ("SampleERC1155", "TransferSingle", abi.TRANSFER_SINGLE),
    ("SampleERC1155", "TransferBatch", abi.TRANSFER_BATCH),
]


@pytest.mark.parametrize(("contract", "event", "ours"), EVENTS)
def test_an_event_is_called_here_as_the_contract_calls_it(contract: str, event: str, ours: Hash32) -> None:
    assert str(artifact(contract).topic(event)) == str(ours)


def test_every_event_that_is_read_is_named_above() -> None:
    read = {*abi.MARKETPLACE, *abi.SETTLEMENT, *abi.ASSET_GATEWAY, *abi.COLLECTION}

    assert read == {ours for _, _, ours in EVENTS}
