"""What can be wrong with one endpoint of a chain, before it is anybody else's trouble."""

from __future__ import annotations


class EndpointFault(Exception):
    """This endpoint did not serve: unreachable, slow, busy, behind. Another may."""

    def __init__(self, reason: str, *, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.pause = pause
        """Seconds that the endpoint asked to be left alone."""


class DeadlinePassed(EndpointFault):
    """No answer in time: the endpoint is slow, or the question is large."""


class RangeTooWide(EndpointFault):
    """The endpoint does not answer for so many blocks or logs at once."""


class Contradiction(EndpointFault):
    """The endpoint's answer contradicts what can be checked: it is broken, behind, on a fork, or lying."""


class NodeError(Exception):
    """A JSON-RPC error object, in the node's own words."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code
        self.message = message
        self.data = data
