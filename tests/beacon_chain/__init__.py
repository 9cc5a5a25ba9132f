"""A local beacon chain for tests: the executable consensus specification over the blocks of an anvil.

Run as `python -m tests.beacon_chain --execution URL --listen HOST:PORT --slot-seconds 1`. A chain for development: one
process holds every validator's key.

What is real: each slot is a real state transition (`process_slots` and `process_block` of the specification) with
signed blocks, randao reveals, attestations of every committee and sync aggregates, all by real BLS keys, so that
justification, finality and committee hand-overs come about as on any chain. Updates are made by the specification's
`create_light_client_*`.

What is not: the execution node is anvil, which takes orders neither for its randomness nor for its parent beacon root.
The payload's `prev_randao` is the block's own mix hash (the one check of the transition that is left out), and the
header's `parentBeaconBlockRoot` stays zero. The specification's own engine stub accepts every payload.
"""
