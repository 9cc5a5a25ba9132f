"""The kinds of consensus, by the names that the command line has for them."""

from __future__ import annotations

from light_clients.bft.extra_data import Dialect
from relayer.entrypoints.devnet.sealing.bft import Bft
from relayer.entrypoints.devnet.sealing.clique import Clique
from relayer.entrypoints.devnet.sealing.consensus import Kind


def kind_of(name: str, epoch: int) -> Kind:
    """`qbft`, `ibft2` or `clique`."""
    return Clique(epoch) if name == "clique" else Bft(Dialect(name), epoch)
