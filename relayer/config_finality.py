"""How a configuration says what a chain will not take back."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from relayer.config_values import Section
from relayer.ports import Finality


class InstantFinality(Section):
    kind: Literal[Finality.LATEST, Finality.FINALIZED]

    @property
    def depth(self) -> int:
        return 0


class ConfirmationFinality(Section):
    kind: Literal[Finality.CONFIRMATIONS]
    depth: int = Field(ge=1, le=1_000_000)


AnyFinality: TypeAlias = Annotated[InstantFinality | ConfirmationFinality, Field(discriminator="kind")]
