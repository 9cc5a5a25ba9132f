"""amqtt's broker without its leak: it greets every client with what others have subscribed to.

Imported only by who embeds a broker: it takes a third of a second.
"""

from __future__ import annotations

from amqtt.broker import Broker
from amqtt.session import Session


class TidyBroker(Broker):  # type: ignore[misc]
    """Gives retained messages to those who subscribed to them."""

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        if any(subscriber is session for subscriber, _ in self._subscriptions.get(subscription[0], ())):
            await super()._publish_retained_messages_for_subscription(subscription, session)
