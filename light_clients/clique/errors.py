"""The Clique client's own rules, one exception a rule, named as the errors of CliqueLightClient.sol are.

CliqueError
├── ExtraDataMalformed · SealInvalid · DifficultyInvalid      one header
├── SignersEmpty · SignersTooMany · SignersUnsorted           a set of signers
├── SignersMismatch · HeadersUnlinked · SignedRecently        a segment of headers
│   DepthNotReached
└── SignerUnauthorized · VoteMalformed · CheckpointMismatch   the full walk of EIP-225, off-chain only
    HeaderReserved
"""

from __future__ import annotations

from light_clients.errors import LightClientError, rule
from light_clients.types import Address, Hash32, Height


class CliqueError(LightClientError):
    """The signers did not say this."""


@rule
class ExtraDataMalformed(CliqueError):
    """Not 32 bytes of vanity, the signers at an epoch and only there, 65 bytes of seal."""


@rule
class SealInvalid(CliqueError):
    """Nobody's seal: v is not 0 or 1, s is high, or no key is behind it."""

    index: int
    """Of the header in its segment; in a walk, its number."""


@rule
class DifficultyInvalid(CliqueError):
    """Neither 1 nor 2; in a walk, not what the signer's turn says."""

    index: int
    difficulty: int


@rule
class SignersEmpty(CliqueError):
    """A set has at least one signer."""


@rule
class SignersTooMany(CliqueError):
    """A set has at most 256 signers."""

    count: int


@rule
class SignersUnsorted(CliqueError):
    """Signers ascend strictly from above the zero address, so none occurs twice."""

    index: int


@rule
class SignersMismatch(CliqueError):
    """The signers given are not those trusted."""

    given: Hash32
    expected: Hash32


@rule
class HeadersUnlinked(CliqueError):
    """Not the child of the header before: its number or its parent's hash says so."""

    index: int


@rule
class SignedRecently(CliqueError):
    """A signer may seal one of floor(n / 2) + 1 consecutive blocks."""

    index: int
    signer: Address


@rule
class DepthNotReached(CliqueError):
    """Too few headers of trusted signers stand on the target."""

    depth: int
    needed: int


@rule
class SignerUnauthorized(CliqueError):
    """Sealed by somebody who is no signer at that block."""

    height: Height
    signer: Address


@rule
class VoteMalformed(CliqueError):
    """A nonce that is neither for nor against, or a vote at an epoch."""

    height: Height


@rule
class CheckpointMismatch(CliqueError):
    """An epoch's header lists other signers than the votes before it have made."""

    height: Height


@rule
class HeaderReserved(CliqueError):
    """A field that Clique leaves unused is used."""

    field: str
