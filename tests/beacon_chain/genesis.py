"""The first state: validators all active, on top of an execution block that exists already."""

from __future__ import annotations

from typing import Any

from tests.beacon_chain.consensus import Block, Spec, State
from tests.beacon_chain.validators import Validators


def genesis(spec: Spec, validators: Validators, payload: Any) -> tuple[State, Block]:
    """The state and block of slot 0, whose time is that of the execution block."""
    version = spec.config.FULU_FORK_VERSION
    state = spec.BeaconState(
        genesis_time=payload.timestamp,
        eth1_data=spec.Eth1Data(deposit_count=len(validators), block_hash=payload.block_hash),
        eth1_deposit_index=len(validators),
        deposit_requests_start_index=len(validators),
        fork=spec.Fork(previous_version=version, current_version=version, epoch=spec.GENESIS_EPOCH),
        latest_block_header=spec.BeaconBlockHeader(body_root=spec.hash_tree_root(spec.BeaconBlockBody())),
        randao_mixes=[payload.block_hash] * spec.EPOCHS_PER_HISTORICAL_VECTOR,
        latest_execution_payload_header=payload_header(spec, payload),
    )
    for key in validators.keys:
        state.validators.append(_validator(spec, key))
        state.balances.append(spec.MIN_ACTIVATION_BALANCE)
        state.previous_epoch_participation.append(spec.ParticipationFlags(0))
        state.current_epoch_participation.append(spec.ParticipationFlags(0))
        state.inactivity_scores.append(spec.Uint64(0))
    state.genesis_validators_root = spec.hash_tree_root(state.validators)
    state.current_sync_committee = spec.get_next_sync_committee(state)
    state.next_sync_committee = state.current_sync_committee
    state.proposer_lookahead = spec.initialize_proposer_lookahead(state)
    return state, spec.SignedBeaconBlock(message=spec.BeaconBlock(state_root=spec.hash_tree_root(state)))


def payload_header(spec: Spec, payload: Any) -> Any:
    """The header that the state keeps of its newest payload."""
    roots = {
        "transactions_root": spec.hash_tree_root(payload.transactions),
        "withdrawals_root": spec.hash_tree_root(payload.withdrawals),
    }
    shared = (name for name in spec.ExecutionPayloadHeader.fields() if name not in roots)
    return spec.ExecutionPayloadHeader(**{name: getattr(payload, name) for name in shared}, **roots)


def _validator(spec: Spec, key: bytes) -> Any:
    return spec.Validator(
        pubkey=key,
        withdrawal_credentials=spec.BLS_WITHDRAWAL_PREFIX + spec.hash(key)[1:],
        effective_balance=spec.MIN_ACTIVATION_BALANCE,
        activation_eligibility_epoch=spec.GENESIS_EPOCH,
        activation_epoch=spec.GENESIS_EPOCH,
        exit_epoch=spec.FAR_FUTURE_EPOCH,
        withdrawable_epoch=spec.FAR_FUTURE_EPOCH,
    )
