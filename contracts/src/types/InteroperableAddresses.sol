// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ChainId} from "./Message.sol";

/// @title Interoperable addresses of EVM accounts
/// @notice ERC-7930, version 1, narrowed to what a lane can lead to: an EIP-155 chain id of at most 8 bytes and an
///         address of exactly 20. Every account has one encoding, and everything else is refused.
/// @dev Layout: version (2) ‖ chain type (2) ‖ reference length (1) ‖ chain id, big-endian (1…8) ‖ 20 (1) ‖ address (20).
///      Tests hold it equal to OpenZeppelin's `InteroperableAddress`, which also accepts trailing bytes and leading
///      zeros and costs more.
library InteroperableAddresses {
    /// @dev Version 1, chain type eip155.
    bytes4 private constant VERSION_AND_TYPE = 0x00010000;

    /// @dev Bytes that are there whatever the chain id: all but the chain reference.
    uint256 private constant FIXED_LENGTH = 26;

    /// @notice The chain and the account, or false for anything but their one encoding. The account may be zero.
    function tryParse(bytes calldata encoded)
        internal
        pure
        returns (bool valid, ChainId chain, address account)
    {
        uint256 length = encoded.length;
        if (length <= FIXED_LENGTH || length > FIXED_LENGTH + 8) return (false, ChainId.wrap(0), address(0));

        uint256 referenceLength = length - FIXED_LENGTH;
        valid = bytes4(encoded) == VERSION_AND_TYPE && uint8(encoded[4]) == referenceLength && encoded[5] != 0
            && uint8(encoded[5 + referenceLength]) == 20;
        if (!valid) return (false, ChainId.wrap(0), address(0));

        chain = ChainId.wrap(uint64(bytes8(encoded[5:])) >> (64 - 8 * referenceLength));
        account = address(bytes20(encoded[6 + referenceLength:]));
    }

    /// @notice Everything before the address: the same for all accounts of a chain. Its own length is 6 plus its byte
    ///         4, and zeros follow.
    function prefix(ChainId chain) internal pure returns (bytes14) {
        uint256 id = ChainId.unwrap(chain);
        uint256 referenceLength = Math.log256(id) + 1;
        uint256 idAndLength = (id << 8 | 20) << (64 - 8 * referenceLength);
        return bytes14(VERSION_AND_TYPE) | bytes14(uint112(referenceLength << 72 | idAndLength));
    }

    /// @notice The one encoding of an account.
    function format(ChainId chain, address account) internal pure returns (bytes memory encoded) {
        bytes14 prefix_ = prefix(chain);
        assembly ("memory-safe") {
            encoded := mload(0x40)
            let prefixLength := add(6, byte(4, prefix_))
            mstore(encoded, add(prefixLength, 20))
            mstore(add(encoded, 0x20), prefix_)
            mstore(add(encoded, 0x40), 0)
            mstore(add(add(encoded, 0x20), prefixLength), shl(96, account))
            mstore(0x40, add(encoded, 0x60))
        }
    }
}
