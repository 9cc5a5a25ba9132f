"""What every `Signer` promises."""

from __future__ import annotations

from light_clients.crypto.keccak import keccak256
from light_clients.crypto.secp256k1 import HIGHEST_S, compact, recover
from relayer.ports import Signer


class SignerSuite:
    """Subclasses provide a `signer` fixture."""

    async def test_its_signatures_recover_to_its_address(self, signer: Signer) -> None:
        digest = keccak256(b"a message")

        signature = await signer.sign(digest)

        assert recover(digest, compact(signature.r, signature.s, signature.y_parity)) == signer.address

    async def test_its_signatures_have_low_s(self, signer: Signer) -> None:
        signatures = [await signer.sign(keccak256(bytes([i]))) for i in range(64)]

        assert all(0 < signature.s <= HIGHEST_S for signature in signatures)
        assert {signature.y_parity for signature in signatures} == {0, 1}
