"""The four kinds of trouble.

RelayerError
├── Transient       try again; the world was busy            → supervisor retries with backoff
├── Rejected        this lane or message cannot go on        → becomes a fact
│   ├── Reverted             a call would fail, with the decoded error
│   ├── NonceTooLow          the account nonce is mined already
│   ├── Underpriced          a replacement or a transaction pays too little
│   └── InsufficientFunds    the account cannot pay
├── Misconfigured   the operator must act; at start only     → exit 2 with the config key
└── Misbehaviour    a chain or provider contradicted proof   → the lane stops, an alarm rings

Anything else is a bug: the process stops, the service manager starts it, the outbox resumes.
"""

from __future__ import annotations


class RelayerError(Exception):
    """Any trouble that the daemon knows how to meet."""


class Transient(RelayerError):
    """The world was busy: try again."""


class Rejected(RelayerError):
    """This lane or message cannot go on as it is."""


class Reverted(Rejected):
    """A call would fail (or failed) on chain."""

    def __init__(self, error: str, data: bytes = b"") -> None:
        super().__init__(f"the call reverts: {error}")
        self.error = error
        """Name of the Solidity error, or the node's words where it has none."""
        self.data = data


class NonceTooLow(Rejected):
    """The account nonce is mined already."""


class Underpriced(Rejected):
    """The node wants a higher price."""


class InsufficientFunds(Rejected):
    """The account cannot pay for the transaction."""


class Misconfigured(RelayerError):
    """The operator must act. Says which key, what is wrong, and how to mend it."""

    def __init__(self, key: str, wrong: str, mend: str) -> None:
        super().__init__(f"{key}: {wrong}; {mend}")
        self.key = key
        self.wrong = wrong
        self.mend = mend


class Misbehaviour(RelayerError):
    """A chain or provider contradicted what was proven before."""
