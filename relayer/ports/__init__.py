"""What the pipeline needs of the world, each port described by its guarantees.

Nothing inherits from a port: an adapter is whatever keeps the promises. `tests/port_suites` holds each adapter, and
the fake that stands in for it, to them.
"""

from __future__ import annotations

from relayer.domain.transactions import NO_VALUE, Call, Fees, Price, Receipt, Transaction
from relayer.ports.chains import (
    Chain,
    Conflict,
    Evidence,
    FinalHeaders,
    Finality,
    Gateway,
    Headers,
    HeaderUpdate,
    LightClients,
    Proofs,
    TransactionCodec,
    Transactions,
)
from relayer.ports.consensus import ContractViews, Errand, SealedHeaders, StorageNodes, StorageProofs
from relayer.ports.memory import Change, History, Journal, Submissions, Views, Vows
from relayer.ports.surroundings import Bus, Clock, Listener, Signature, Signer

__all__ = [
    "NO_VALUE",
    "Bus",
    "Call",
    "Chain",
    "Change",
    "Clock",
    "Conflict",
    "ContractViews",
    "Errand",
    "Evidence",
    "Fees",
    "FinalHeaders",
    "Finality",
    "Gateway",
    "HeaderUpdate",
    "Headers",
    "History",
    "Journal",
    "LightClients",
    "Listener",
    "Price",
    "Proofs",
    "Receipt",
    "SealedHeaders",
    "Signature",
    "Signer",
    "StorageNodes",
    "StorageProofs",
    "Submissions",
    "Transaction",
    "TransactionCodec",
    "Transactions",
    "Views",
    "Vows",
]
