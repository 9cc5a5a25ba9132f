"""What listings are looked for: one reading of the whole question, because it is asked more than anything else."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic.alias_generators import to_camel
from starlette.requests import Request

from relayer.domain.market.form import Refused
from relayer.domain.market.views import ListingOrder, ListingQuery, ListingState
from relayer.entrypoints.api.market.state import CURSOR, LIMIT, LONGEST_CURSOR
from relayer.entrypoints.api.market.values import Account, Chain, Contract, Half, Word

STATES = WithJsonSchema({"type": "string", "enum": [*(str(each) for each in ListingState), "any"]})
ORDERS = WithJsonSchema({"type": "string", "enum": [str(each) for each in ListingOrder]})


class Filters(BaseModel):
    """What is left out does not matter."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, arbitrary_types_allowed=True)

    state: Annotated[ListingState | Literal["any"], STATES] = Field(
        default=ListingState.ACTIVE, description="What has become of them."
    )
    chain: Chain | None = Field(default=None, description="Where the item stands; CAIP-2.")
    token: Account | None = Field(default=None, description="The collection as it stands there; with chain.")
    collection: Contract | None = Field(default=None, description="The collection's home; CAIP-10.")
    identifier: Word | None = Field(default=None, description="The token id, with collection or token; decimal.")
    offerer: Account | None = Field(default=None, description="Who sells.")
    payment_chain: Chain | None = Field(default=None, description="Where it is paid; CAIP-2.")
    payment_token: Account | None = Field(default=None, description="Zero: coins; with paymentChain.")
    lowest: Half | None = Field(default=None, description="The least price of a unit, in one currency; decimal.")
    highest: Half | None = Field(default=None, description="The greatest price of a unit, in one currency; decimal.")
    order: Annotated[ListingOrder, ORDERS] = Field(
        default=ListingOrder.NEWEST, description="By price only within one paymentChain and paymentToken."
    )
    limit: int = Field(default=20, ge=1, le=100, description=LIMIT)
    cursor: str | None = Field(default=None, max_length=LONGEST_CURSOR, description=CURSOR)

    def query(self) -> ListingQuery:
        """As the memory takes it; refuses what makes no sense together."""
        _together(self.token, self.chain, "chain-missing", "a token is named together with its chain")
        _together(self.payment_token, self.payment_chain, "chain-missing", "a paymentToken needs its paymentChain")
        place = self.token or self.collection
        _together(self.identifier, place, "collection-missing", "an identifier needs its collection or token")
        priced = self.order in (ListingOrder.CHEAPEST, ListingOrder.DEAREST)
        if priced or self.lowest is not None or self.highest is not None:
            _together(True, self.payment_token, "currency-missing", "prices compare within one currency only")
        return ListingQuery(
            None if self.state == "any" else self.state,
            self.chain,
            self.token,
            self.collection,
            self.identifier,
            self.offerer,
            self.payment_chain,
            self.payment_token,
            self.lowest,
            self.highest,
            self.order,
        )


def _together(said: object | None, other: object | None, code: str, words: str) -> None:
    if said is not None and other is None:
        raise Refused(code, words)


def filters_of(request: Request) -> Filters:
    """The question; of what is said twice the last counts."""
    try:
        return Filters.model_validate(dict(request.query_params))
    except ValidationError as error:
        raise RequestValidationError([each | {"loc": ("query", *each["loc"])} for each in error.errors()]) from None


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    found = {"name": name, "in": "query", "required": False, "schema": schema}
    return found | {"description": schema.pop("description", "")}


PARAMETERS: dict[str, Any] = {
    "parameters": [_parameter(name, said) for name, said in Filters.model_json_schema()["properties"].items()]
}
"""For the OpenAPI document."""
