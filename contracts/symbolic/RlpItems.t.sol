// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Calldata} from "../src/proofs/Calldata.sol";
import {Rlp} from "../src/proofs/Rlp.sol";

/// @notice What is read of an item lies within its bounds, and its header is the only one it can have.
contract RlpItemsSymbolicTest is Test {
    using Calldata for bytes;

    /// @custom:halmos --array-lengths data={1,2,9,56,64,300}
    function check_item_liesWithinItsBounds(bytes calldata data, uint256 end) public pure {
        vm.assume(end <= data.length);
        (, uint256 payload, uint256 next) = Rlp.item(data, 0, end);

        assert(payload <= next && next <= end);
        assert(next > 0);
    }

    /// @custom:halmos --array-lengths data={64,300}
    function check_item_hasOneHeader(bytes calldata data, uint256 end) public pure {
        vm.assume(end <= data.length);
        (bool isList, uint256 payload, uint256 next) = Rlp.item(data, 0, end);
        uint256 length = next - payload;
        uint256 first = uint8(data[0]);
        uint256 base = isList ? 0xc0 : 0x80;

        if (!isList && length == 1 && uint8(bytes1(data.word(payload))) < 0x80) {
            assert(payload == 0);
        } else if (length < 56) {
            assert(payload == 1 && first == base + length);
        } else if (length < 256) {
            assert(payload == 2 && first == base + 56 && uint8(data[1]) == length);
        } else {
            assert(payload == 3 && first == base + 57 && uint16(bytes2(data[1:3])) == length);
        }
    }

    /// @custom:halmos --array-lengths data={64}
    function check_item_isReadWhereItIsWhole(bytes calldata data, uint256 length, bool isList) public view {
        vm.assume(length < 56 && length != 1);
        vm.assume(uint8(data[0]) == (isList ? 0xc0 : 0x80) + length);

        try this.item(data, 1 + length) returns (bool readAsList, uint256 payload, uint256 next) {
            assert(readAsList == isList && payload == 1 && next == 1 + length);
        } catch {
            assert(false);
        }
    }

    function item(bytes calldata data, uint256 end) external pure returns (bool, uint256, uint256) {
        return Rlp.item(data, 0, end);
    }

    /// @custom:halmos --array-lengths data={0,1,31,32,33,64}
    function check_word_isWhatAPlainReadSees(bytes calldata data) public pure {
        vm.assume(data.length >= 32);

        assert(data.word(0) == bytes32(data[:32]));
        assert(data.word(data.length - 32) == bytes32(data[data.length - 32:]));
    }

    /// @custom:halmos --array-lengths data={0,1,31,32,33,64}
    function check_hash_isWhatAPlainHashSees(bytes calldata data) public pure {
        assert(data.hash(0, data.length) == keccak256(data));
    }
}
