"""Where items say that their metadata is: asked once, and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from light_clients.types import ChainId
from relayer.domain.market.views import ItemView
from relayer.ports.market import Register, TokenWords


@dataclass(frozen=True, slots=True)
class Uris:
    """Asks the collection at its home, where every item is known as long as it is anywhere."""

    words: Mapping[ChainId, TokenWords]
    register: Register

    async def of(self, item: ItemView) -> str:
        """Empty: it says nothing, or its home is not one of our chains."""
        if item.uri:
            return item.uri
        home = item.id.collection
        if home.chain not in self.words:
            return ""
        uri = await self.words[home.chain].uri(home.address, item.id.identifier)
        if uri:
            await self.register.keep_uri(home.chain, home.address, item.id.identifier, uri)
        return uri
