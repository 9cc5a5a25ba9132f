// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title BLS12-381 signatures
/// @notice Sums public keys and verifies a signature under them, with the precompiles of EIP-2537. The Python twin is
///         `light_clients/crypto/bls.py`.
/// @dev Keys are points of G1, signatures points of G2, messages are hashed as the ciphersuite
///      `BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_` does (RFC 9380; Solady's `hashToG2` has another ciphersuite's tag,
///      and forwards all gas to precompiles, which burn what they got when they fail).
///      In calldata a key is `x ‖ y`, a signature `x.c0 ‖ x.c1 ‖ y.c0 ‖ y.c1`, 48 bytes a number. The precompiles refuse
///      numbers that are not below the modulus and points that are not on the curve; the pairing refuses points outside
///      the subgroups too, and so covers the keys summed before it: the sum of what a chain has verified is in the
///      subgroup.
///      Warning: checks no bounds of calldata; callers compare with the length before they trust what was read.
library Bls {
    /// @notice The coordinates that begin at `offset` are not those of a point, or of the point at infinity.
    error PointInvalid(uint256 offset);

    /// @dev The modulus of the coordinates: its upper and its lower 32 bytes.
    uint256 private constant P_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 private constant P_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;

    /// @dev (P - 1) / 2. The compressed form flags a point whose y is greater.
    uint256 private constant HALF_HIGH = 0x0d0088f51cbff34d258dd3db21a5d66b;
    uint256 private constant HALF_LOW = 0xb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555;

    /// @dev The generator of G1, negated.
    uint256 private constant NEGATIVE_X_HIGH = 0x17f1d3a73197d7942695638c4fa9ac0f;
    uint256 private constant NEGATIVE_X_LOW =
        0xc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb;
    uint256 private constant NEGATIVE_Y_HIGH = 0x114d1d6855d545a8aa7d76c8cf2e21f2;
    uint256 private constant NEGATIVE_Y_LOW =
        0x67816aef1db507c96655b9d5caac42364e6f38ba0ecb751bad54dcd6b939c2ca;

    /// @dev The domain separation tag of the ciphersuite with its length after it, in two parts: 32 and 12 bytes.
    bytes32 private constant TAG_HEAD = "BLS_SIG_BLS12381G2_XMD:SHA-256_S";
    bytes32 private constant TAG_TAIL = "SWU_RO_POP_\x2b";

    /// @dev What a call to a precompile may take: some twice its price, so that a failure burns no more than that.
    ///      G1ADD 375, G2ADD 600, MAP_FP2_TO_G2 23,800, PAIRING_CHECK 102,900 for two pairs (EIP-2537),
    ///      MODEXP 500 (EIP-7883), SHA-256 156 for 143 bytes.
    uint256 private constant G1ADD_GAS = 750;
    uint256 private constant G2ADD_GAS = 1200;
    uint256 private constant MAP_GAS = 48_000;
    uint256 private constant PAIRING_GAS = 206_000;
    uint256 private constant MODEXP_GAS = 1000;
    uint256 private constant SHA256_GAS = 1000;

    /// @notice Adds the key at `offset` to a sum, which begins as zeros.
    /// @param sum The sum in its first four words (two a coordinate); the other four are scratch.
    /// @return leaf The SSZ root of the key's compressed form: `sha256(compressed (48) ‖ zeros (16))`.
    function add(bytes32[8] memory sum, bytes calldata data, uint256 offset)
        internal
        view
        returns (bytes32 leaf)
    {
        bool ok;
        assembly ("memory-safe") {
            let key := add(data.offset, offset)
            calldatacopy(add(sum, 0x90), key, 48)
            calldatacopy(add(sum, 0xd0), add(key, 48), 48)
            let high := mload(add(sum, 0xc0))
            let low := mload(add(sum, 0xe0))
            // no point but the one at infinity, whose coordinates are zeros here, has a y of zero
            ok := iszero(iszero(or(high, low)))
            ok := and(ok, staticcall(G1ADD_GAS, 0x0b, sum, 0x100, sum, 0x80))
            ok := and(ok, eq(returndatasize(), 0x80))
            let greater := or(gt(high, HALF_HIGH), and(eq(high, HALF_HIGH), gt(low, HALF_LOW)))
            mstore(0x00, or(calldataload(key), or(shl(255, 1), shl(253, greater))))
            mstore(0x20, shl(128, calldataload(add(key, 16))))
            if iszero(staticcall(SHA256_GAS, 0x02, 0x00, 0x40, 0x00, 0x20)) { revert(0x00, 0x00) }
            leaf := mload(0x00)
        }
        require(ok, PointInvalid(offset));
    }

    /// @notice Makes a sum what remains of the key at `offset` without it.
    /// @return some Whether anything remains: the point at infinity is nobody's key.
    function subtractFrom(bytes32[8] memory sum, bytes calldata data, uint256 offset)
        internal
        view
        returns (bool some)
    {
        bool ok;
        assembly ("memory-safe") {
            let key := add(data.offset, offset)
            mcopy(add(sum, 0x80), sum, 0x80)
            mstore(sum, 0)
            mstore(add(sum, 0x40), 0)
            calldatacopy(add(sum, 0x10), key, 48)
            calldatacopy(add(sum, 0x50), add(key, 48), 48)
            let high := mload(add(sum, 0xc0))
            let low := mload(add(sum, 0xe0))
            // -(x, y) = (x, P - y); the point at infinity is its own negative
            if or(high, low) {
                mstore(add(sum, 0xc0), sub(sub(P_HIGH, high), gt(low, P_LOW)))
                mstore(add(sum, 0xe0), sub(P_LOW, low))
            }
            ok := staticcall(G1ADD_GAS, 0x0b, sum, 0x100, sum, 0x80)
            ok := and(ok, eq(returndatasize(), 0x80))
            some := iszero(iszero(or(mload(add(sum, 0x40)), mload(add(sum, 0x60)))))
        }
        require(ok, PointInvalid(offset));
    }

    /// @notice Whether the signature at `offset` is that of `message` under `key`, a sum that is not infinity.
    /// @dev e(key, H(message)) = e(generator, signature).
    function verify(bytes32[8] memory key, bytes32 message, bytes calldata data, uint256 offset)
        internal
        view
        returns (bool signed)
    {
        bytes32[8] memory hashed = hashToG2(message);
        bool ok;
        assembly ("memory-safe") {
            let pairs := mload(0x40)
            mcopy(pairs, key, 0x80)
            mcopy(add(pairs, 0x80), hashed, 0x100)
            mstore(add(pairs, 0x180), NEGATIVE_X_HIGH)
            mstore(add(pairs, 0x1a0), NEGATIVE_X_LOW)
            mstore(add(pairs, 0x1c0), NEGATIVE_Y_HIGH)
            mstore(add(pairs, 0x1e0), NEGATIVE_Y_LOW)
            for { let i := 0 } lt(i, 4) { i := add(i, 1) } {
                let place := add(add(pairs, 0x200), shl(6, i))
                mstore(place, 0)
                calldatacopy(add(place, 0x10), add(add(data.offset, offset), mul(48, i)), 48)
                ok := or(ok, or(mload(place), mload(add(place, 0x20))))
            }
            // all zeros is the point at infinity, which is nobody's signature
            ok := iszero(iszero(ok))
            ok := and(ok, staticcall(PAIRING_GAS, 0x0f, pairs, 0x300, 0x00, 0x20))
            ok := and(ok, eq(returndatasize(), 0x20))
            signed := eq(mload(0x00), 1)
        }
        require(ok, PointInvalid(offset));
    }

    /// @notice The point of G2 that a message of 32 bytes is hashed to (RFC 9380, `hash_to_curve`).
    function hashToG2(bytes32 message) internal view returns (bytes32[8] memory point) {
        bytes32[8] memory numbers = _expand(message);
        bool ok = true;
        assembly ("memory-safe") {
            let scratch := mload(0x40)
            // each 64 bytes modulo P: numbers ^ 1 % P
            mstore(scratch, 64)
            mstore(add(scratch, 0x20), 1)
            mstore(add(scratch, 0x40), 64)
            mstore8(add(scratch, 0xa0), 1)
            mstore(add(scratch, 0xa1), P_HIGH)
            mstore(add(scratch, 0xc1), P_LOW)
            for { let i := 0 } lt(i, 4) { i := add(i, 1) } {
                let place := add(numbers, shl(6, i))
                mcopy(add(scratch, 0x60), place, 0x40)
                ok := and(ok, staticcall(MODEXP_GAS, 0x05, scratch, 0xe1, place, 0x40))
            }
            ok := and(ok, staticcall(MAP_GAS, 0x11, numbers, 0x80, scratch, 0x100))
            ok := and(ok, eq(returndatasize(), 0x100))
            ok := and(ok, staticcall(MAP_GAS, 0x11, add(numbers, 0x80), 0x80, add(scratch, 0x100), 0x100))
            ok := and(ok, staticcall(G2ADD_GAS, 0x0d, scratch, 0x200, point, 0x100))
            // gas ran out, or the chain lacks the precompiles
            if iszero(and(ok, eq(returndatasize(), 0x100))) { revert(0x00, 0x00) }
        }
    }

    /// @dev The 256 uniform bytes of a message (RFC 9380, `expand_message_xmd` with SHA-256).
    function _expand(bytes32 message) private view returns (bytes32[8] memory uniform) {
        assembly ("memory-safe") {
            // 64 zeros ‖ message ‖ 256 as two bytes ‖ 0 ‖ tag
            let scratch := mload(0x40)
            mstore(scratch, 0)
            mstore(add(scratch, 0x20), 0)
            mstore(add(scratch, 0x40), message)
            mstore(add(scratch, 0x60), shl(240, 0x0100))
            mstore(add(scratch, 0x63), TAG_HEAD)
            mstore(add(scratch, 0x83), TAG_TAIL)
            let ok := staticcall(SHA256_GAS, 0x02, scratch, 0x8f, 0x00, 0x20)
            let first := mload(0x00)
            // (first xor the one before) ‖ i ‖ tag
            let block_ := add(scratch, 0x42)
            let before := 0
            for { let i := 0 } lt(i, 8) { i := add(i, 1) } {
                mstore(block_, xor(first, before))
                mstore8(add(block_, 0x20), add(i, 1))
                let place := add(uniform, shl(5, i))
                ok := and(ok, staticcall(SHA256_GAS, 0x02, block_, 0x4d, place, 0x20))
                before := mload(place)
            }
            if iszero(ok) { revert(0x00, 0x00) }
        }
    }
}
