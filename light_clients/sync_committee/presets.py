"""Ethereum, Sepolia and Gnosis.

Sources: consensus-specs configs/mainnet.yaml, eth-clients/sepolia metadata, gnosischain/configs.
"""

from __future__ import annotations

from light_clients.sync_committee.network import CAPELLA, DENEB, ELECTRA, FULU, Fork, Network
from light_clients.types import Hash32

ETHEREUM = Network(
    genesis_validators_root=Hash32.from_hex("0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95"),
    genesis_time=1_606_824_023,
    forks=(
        Fork(194_048, bytes.fromhex("03000000"), CAPELLA),
        Fork(269_568, bytes.fromhex("04000000"), DENEB),
        Fork(364_032, bytes.fromhex("05000000"), ELECTRA),
        Fork(411_392, bytes.fromhex("06000000"), FULU),
    ),
)

SEPOLIA = Network(
    genesis_validators_root=Hash32.from_hex("0xd8ea171f3c94aea21ebc42a1ed61052acf3f9209c00e4efbaaddac09ed9b8078"),
    genesis_time=1_655_733_600,
    forks=(
        Fork(56_832, bytes.fromhex("90000072"), CAPELLA),
        Fork(132_608, bytes.fromhex("90000073"), DENEB),
        Fork(222_464, bytes.fromhex("90000074"), ELECTRA),
        Fork(272_640, bytes.fromhex("90000075"), FULU),
    ),
)

GNOSIS = Network(
    genesis_validators_root=Hash32.from_hex("0xf5dcb5564e829aab27264b9becd5dfaa017085611224cb3036f573368dbb9d47"),
    genesis_time=1_638_993_340,
    forks=(
        Fork(648_704, bytes.fromhex("03000064"), CAPELLA),
        Fork(889_856, bytes.fromhex("04000064"), DENEB),
        Fork(1_337_856, bytes.fromhex("05000064"), ELECTRA),
        Fork(1_714_688, bytes.fromhex("06000064"), FULU),
    ),
    seconds_per_slot=5,
    slots_per_epoch=16,
    epochs_per_period=512,
    trusting_period=5 * 24 * 3600,
)
