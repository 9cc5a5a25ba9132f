"""How much one endpoint is trusted to serve: a score, and a circuit that opens when it keeps failing."""

from __future__ import annotations

from light_clients.types import Height
from relayer.adapters.evm.faults import Contradiction, EndpointFault
from relayer.adapters.evm.headers import Head

FAULTS_BEFORE_OPEN = 3
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
SMOOTHING = 0.2


class EndpointHealth:
    """Score and circuit of one endpoint; times are monotonic seconds."""

    def __init__(self) -> None:
        self.head: Head | None = None
        """The newest block it announced that hashed to its hash."""
        self.chain_checked = False
        self.excluded = ""
        """Why it must never be asked again (another chain's node), or nothing."""
        self._latency = 0.0
        self._failures = 0.0
        self._in_a_row = 0
        self._closed_at = 0.0

    def served(self, seconds: float) -> None:
        self._in_a_row = 0
        self._latency += SMOOTHING * (seconds - self._latency)
        self._failures *= 1 - SMOOTHING

    def announced(self, head: Head) -> None:
        self.head = head
        self._in_a_row = 0

    def failed(self, fault: EndpointFault, now: float) -> None:
        """A contradiction weighs more than a silence, and opens the circuit at once."""
        grave = isinstance(fault, Contradiction)
        self._in_a_row += FAULTS_BEFORE_OPEN if grave else 1
        self._failures += SMOOTHING * ((4.0 if grave else 1.0) - self._failures)
        pause = fault.pause
        if self._in_a_row >= FAULTS_BEFORE_OPEN:
            pause = max(pause, FIRST_PAUSE * 2 ** min(self._in_a_row - FAULTS_BEFORE_OPEN, 10))
        self._closed_at = max(self._closed_at, now + min(pause, LONGEST_PAUSE))

    def is_open(self, now: float) -> bool:
        """Whether it should be left alone for now."""
        return bool(self.excluded) or now < self._closed_at

    def is_down(self) -> bool:
        return self._in_a_row >= FAULTS_BEFORE_OPEN

    def score(self) -> float:
        """Smaller is better: the expected wait, with failures counted as whole seconds."""
        return self._latency + self._failures

    def height(self) -> Height:
        return self.head.block.number if self.head is not None else Height(0)
