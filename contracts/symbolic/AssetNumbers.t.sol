// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {AssetMessages} from "../src/assets/AssetMessages.sol";
import {AssetReading} from "../src/assets/AssetReading.sol";

/// @notice Every amount and every id has one encoding, and nothing else is read.
contract AssetNumbersSymbolicTest is Test {
    function check_erc20Amount_takesTheFewestBytes(uint256 amount) public pure {
        vm.assume(amount != 0);
        (uint256 length, uint256 digits) = _written(amount);

        assert(length >= 1 && length <= 32);
        for (uint256 bytes_ = 1; bytes_ <= 32; ++bytes_) {
            if (length != bytes_) continue;
            assert(digits >> 248 != 0);
            assert(digits >> (256 - 8 * bytes_) == amount);
        }
    }

    /// @custom:halmos --array-lengths data={1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32}
    function check_readAmount_readsOnlyWhatIsWritten(bytes calldata data) public pure {
        uint256 amount = AssetReading.readAmount(data, 0);
        (uint256 length, uint256 digits) = _written(amount);

        assert(amount != 0);
        assert(length == data.length);
        assert(bytes32(digits) == bytes32(data));
    }

    /// @custom:halmos --array-lengths data={1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32}
    function check_readAmount_readsWhateverIsWritten(bytes calldata data, uint256 amount) public view {
        vm.assume(amount != 0);
        (uint256 length, uint256 digits) = _written(amount);
        vm.assume(length == data.length && bytes32(digits) == bytes32(data));

        try this.readAmount(data) returns (uint256 read) {
            assert(read == amount);
        } catch {
            assert(false);
        }
    }

    function readAmount(bytes calldata data) external pure returns (uint256) {
        return AssetReading.readAmount(data, 0);
    }

    /// @custom:halmos --array-lengths data={0,33,34,64}
    function check_readAmount_refusesOtherLengths(bytes calldata data) public view {
        try this.readAmount(data) returns (uint256) {
            assert(false);
        } catch {}
    }

    /// @custom:halmos --array-lengths data={1,2,9,21,33,40}
    function check_readItem_readsOnlyWhatIsWritten(bytes calldata data) public pure {
        (uint256 id, uint256 amount, bool bringing, uint256 end) =
            AssetReading.readItem(AssetMessages.ERC721, false, data, 0, 0, 0);
        bytes memory written = AssetMessages.item(AssetMessages.ERC721, id, amount);

        assert(amount == 1 && !bringing);
        assert(end <= data.length);
        assert(written.length == end);
        assert(uint8(written[0]) == uint8(data[0]));
    }

    function _written(uint256 amount) private pure returns (uint256 length, uint256 digits) {
        bytes memory written = AssetMessages.erc20Amount(amount);
        length = written.length;
        assembly {
            digits := mload(add(written, 0x20))
        }
    }
}
