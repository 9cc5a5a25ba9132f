"""What is wrong with a configuration, in the operator's words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel, ValidationError

from light_clients.committee.errors import CommitteeError, MembersUnsorted, MemberZero
from relayer.config_clients import CommitteeLightClient, LightClient, QuorumLightClient, RelayChainLightClient
from relayer.domain.errors import Misconfigured

if TYPE_CHECKING:
    from relayer.config import Config

MENDS = {
    "missing": "add it",
    "extra_forbidden": "remove it",
    "union_tag_not_found": "say which `kind` it is",
    "too_short": "give at least one",
}


def problems_of(error: ValidationError, data: Mapping[str, object], model: type[BaseModel]) -> list[Misconfigured]:
    """One problem a value that does not fit."""
    return [_problem(item["type"], item["loc"], item["msg"], data, model) for item in error.errors(include_url=False)]


def _problem(
    kind: str, location: Sequence[str | int], message: str, data: Mapping[str, object], model: type[BaseModel]
) -> Misconfigured:
    key = _key(location, data)
    if kind == "missing":
        return Misconfigured(key, "is missing", "add it")
    if kind == "extra_forbidden":
        known = _siblings(location, model)
        nearest = get_close_matches(str(location[-1]), known, n=1, cutoff=0.5)
        mend = f"did you mean `{nearest[0]}`?" if nearest else f"remove it; known here: {', '.join(sorted(known))}"
        return Misconfigured(key, "there is no such key", mend)
    wrong = message.removeprefix("Value error, ")
    return Misconfigured(key, wrong[:1].lower() + wrong[1:], MENDS.get(kind, "see config/relayer.example.toml"))


def _key(location: Sequence[str | int], data: object) -> str:
    """`lanes[0].light_client.members[2].weight`; pydantic's names of union members are left out."""
    key = ""
    for step in location:
        if isinstance(data, Mapping) and step not in data and step == data.get("kind"):
            continue
        key += f"[{step}]" if isinstance(step, int) else f".{step}" if key else step
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, Sequence) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            data = None
    return key


def _siblings(location: Sequence[str | int], model: type[BaseModel]) -> set[str]:
    """The keys known where this one stands."""
    models = {model}
    for step in location[:-1]:
        fields = [each.model_fields[step] for each in models if isinstance(step, str) and step in each.model_fields]
        if fields:
            models = {found for field in fields for found in _models(field.annotation)}
    return {name for each in models for name in each.model_fields}


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def problems_between(config: Config) -> list[Misconfigured]:
    """What no single value shows."""
    return [*_chains(config), *_lanes(config), *_attest(config)]


def _chains(config: Config) -> Iterator[Misconfigured]:
    for attribute in ("id", "name"):
        values = [getattr(chain, attribute) for chain in config.chains]
        for index, value in enumerate(values):
            if value in values[:index]:
                yield Misconfigured(f"chains[{index}].{attribute}", f"{value} occurs twice", "keep one of the two")


def _lanes(config: Config) -> Iterator[Misconfigured]:
    chains = {chain.id: chain for chain in config.chains}
    seen: set[tuple[int, int]] = set()
    for index, lane in enumerate(config.lanes):
        key = f"lanes[{index}]"
        for end in ("source", "destination"):
            if getattr(lane, end) not in chains:
                yield Misconfigured(f"{key}.{end}", f"there is no chain {getattr(lane, end)}", "add it to [[chains]]")
        if lane.source == lane.destination:
            yield Misconfigured(f"{key}.destination", "is the source", "name another chain")
        if (lane.source, lane.destination) in seen:
            yield Misconfigured(key, f"{lane.source} → {lane.destination} occurs twice", "keep one of the two")
        seen.add((lane.source, lane.destination))
        destination = chains.get(lane.destination)
        if destination is not None and destination.key not in config.keys:
            place = f"chains[{config.chains.index(destination)}].key"
            yield Misconfigured(place, f"there is no key {destination.key!r}", f"add [keys.{destination.key}]")
        lanes = {(each.source, each.destination) for each in config.lanes}
        if lane.errands.claim_above is not None and (lane.destination, lane.source) not in lanes:
            wrong = f"nothing brings headers of {lane.destination} to {lane.source}, and they prove what was earned"
            yield Misconfigured(f"{key}.errands.claim_above", wrong, "add the lane back, or remove this key")
        if lane.errands.claim_above is not None and destination is not None and destination.proofs == "receipts":
            wrong = f"the endpoints of {lane.destination} serve no state, and that proves what was earned"
            yield Misconfigured(f"{key}.errands.claim_above", wrong, "name endpoints that do, or remove this key")
        yield from _light_client(f"{key}.light_client", lane.light_client, chains)


def _light_client(key: str, client: LightClient, chains: Collection[int]) -> Iterator[Misconfigured]:
    match client:
        case CommitteeLightClient():
            yield from _committee(key, client)
        case RelayChainLightClient():
            if client.hub not in chains:
                yield Misconfigured(f"{key}.hub", f"there is no chain {client.hub}", "add it to [[chains]]")
            yield from _light_client(f"{key}.source", client.source, chains)
            yield from _light_client(f"{key}.relay", client.relay, chains)
        case QuorumLightClient():
            for index, member in enumerate(client.members):
                yield from _light_client(f"{key}.members[{index}]", member, chains)
        case _:
            pass  # nothing that one value does not show


def _committee(key: str, client: CommitteeLightClient) -> Iterator[Misconfigured]:
    if len(client.members) == 1 and not client.accept_single_signer:
        wrong = "a committee of one: whoever has that key can forge every message"
        yield Misconfigured(f"{key}.members", wrong, "use a larger one, or say `accept_single_signer = true`")
    try:
        client.committee()
    except (MembersUnsorted, MemberZero) as error:
        member = f"{key}.members[{error.index}].address"
        wrong = "is zero" if isinstance(error, MemberZero) else "does not ascend"
        yield Misconfigured(member, wrong, "list the members by ascending address, each once, as the contract has them")
    except CommitteeError as error:
        yield Misconfigured(f"{key}.members", str(error), "list the members as the contract has them")


def _attest(config: Config) -> Iterator[Misconfigured]:
    if config.attest is None:
        return
    if config.attest.key not in config.keys:
        yield Misconfigured("attest.key", f"there is no key {config.attest.key!r}", f"add [keys.{config.attest.key}]")
    chains = {chain.id for chain in config.chains}
    for index, client in enumerate(config.attest.clients):
        key = f"attest.clients[{index}]"
        if client.source not in chains:
            yield Misconfigured(f"{key}.source", f"there is no chain {client.source}", "add it to [[chains]]")
        if client.source == client.destination:
            yield Misconfigured(f"{key}.destination", "is the source", "name another chain")
