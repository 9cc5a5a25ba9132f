// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Bls} from "../../src/proofs/Bls.sol";

/// @title BLS12-381 signatures, plainly: the twin of {Bls}
/// @notice Points and numbers are bytes, as the precompiles take them: 64 a coordinate.
library PlainBls {
    bytes internal constant GENERATOR =
        hex"0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb0000000000000000000000000000000008b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1";
    bytes internal constant MODULUS =
        hex"000000000000000000000000000000001a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab";
    bytes internal constant TAG = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

    /// @dev The order of the groups less one: multiplying by it negates.
    uint256 internal constant MINUS_ONE = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000000;

    function add(bytes memory sum, bytes memory key)
        internal
        view
        returns (bytes memory total, bytes32 leaf)
    {
        bytes memory point = abi.encodePacked(padded(key, 0), padded(key, 48));
        require(keccak256(point) != keccak256(new bytes(128)), Bls.PointInvalid(0));
        total = call(address(0x0b), abi.encodePacked(sum, point));
        bytes memory compressed = slice(key, 0, 48);
        compressed[0] |= isGreater(padded(key, 48)) ? bytes1(0xa0) : bytes1(0x80);
        leaf = sha256(abi.encodePacked(compressed, new bytes(16)));
    }

    function subtract(bytes memory key, bytes memory sum) internal view returns (bytes memory) {
        return
            call(
                address(0x0b), abi.encodePacked(padded(key, 0), padded(key, 48), times(sum, 0x0c, MINUS_ONE))
            );
    }

    function verify(bytes memory key, bytes32 message, bytes memory signature) internal view returns (bool) {
        bytes memory point = abi.encodePacked(
            padded(signature, 0), padded(signature, 48), padded(signature, 96), padded(signature, 144)
        );
        require(keccak256(point) != keccak256(new bytes(256)), Bls.PointInvalid(0));
        bytes memory answer = call(
            address(0x0f), abi.encodePacked(key, hashToG2(message), times(GENERATOR, 0x0c, MINUS_ONE), point)
        );
        return abi.decode(answer, (bool));
    }

    /// @dev RFC 9380, 5.2, 5.3.1 and 3: `hash_to_field`, `expand_message_xmd`, `hash_to_curve`.
    function hashToG2(bytes32 message) internal view returns (bytes memory) {
        bytes memory tag = abi.encodePacked(TAG, uint8(TAG.length));
        bytes32 first = sha256(abi.encodePacked(new bytes(64), message, uint16(256), uint8(0), tag));
        bytes memory uniform;
        bytes32 last;
        for (uint8 i = 1; i <= 8; ++i) {
            last = sha256(abi.encodePacked(first ^ last, i, tag));
            uniform = abi.encodePacked(uniform, last);
        }
        bytes[4] memory numbers;
        for (uint256 i = 0; i < 4; ++i) {
            bytes memory number = slice(uniform, 64 * i, 64);
            numbers[i] = call(
                address(0x05),
                abi.encodePacked(uint256(64), uint256(32), uint256(64), number, uint256(1), MODULUS)
            );
        }
        bytes memory one = call(address(0x11), abi.encodePacked(numbers[0], numbers[1]));
        bytes memory other = call(address(0x11), abi.encodePacked(numbers[2], numbers[3]));
        return call(address(0x0d), abi.encodePacked(one, other));
    }

    /// @notice A point as often as `scalar` says; `group` is the precompile, 0x0c for G1 and 0x0e for G2.
    function times(bytes memory point, uint160 group, uint256 scalar) internal view returns (bytes memory) {
        return call(address(group), abi.encodePacked(point, scalar));
    }

    /// @notice A point without the padding of its coordinates.
    function packed(bytes memory point) internal pure returns (bytes memory bare) {
        for (uint256 i = 0; i < point.length; i += 64) {
            bare = abi.encodePacked(bare, slice(point, i + 16, 48));
        }
    }

    function padded(bytes memory bare, uint256 offset) internal pure returns (bytes memory) {
        return abi.encodePacked(uint128(0), slice(bare, offset, 48));
    }

    function slice(bytes memory data, uint256 offset, uint256 length)
        internal
        pure
        returns (bytes memory part)
    {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = data[offset + i];
        }
    }

    /// @dev Whether twice the number is more than the modulus.
    function isGreater(bytes memory number) private pure returns (bool) {
        (uint256 high, uint256 low) = abi.decode(number, (uint256, uint256));
        (uint256 modulusHigh, uint256 modulusLow) = abi.decode(MODULUS, (uint256, uint256));
        uint256 doubled = 2 * high + (low >> 255);
        uint256 rest = low << 1;
        return doubled > modulusHigh || (doubled == modulusHigh && rest > modulusLow);
    }

    function call(address precompile, bytes memory input) private view returns (bytes memory) {
        (bool ok, bytes memory answer) = precompile.staticcall{gas: 1_000_000}(input);
        require(ok, Bls.PointInvalid(0));
        return answer;
    }
}
