// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {InteroperableAddresses} from "../src/types/InteroperableAddresses.sol";
import {ChainId} from "../src/types/Message.sol";

/// @notice Every account has one encoding, and nothing else is read.
contract AddressesSymbolicTest is Test {
    /// @custom:halmos --array-lengths encoded={27,28,29,30,31,32,33,34}
    function check_tryParse_readsOnlyWhatFormatWrites(bytes calldata encoded) public pure {
        (bool valid, ChainId chain, address account) = InteroperableAddresses.tryParse(encoded);
        vm.assume(valid);
        bytes14 prefix = InteroperableAddresses.prefix(chain);

        uint256 length = encoded.length - 20;
        assert(uint8(prefix[4]) == length - 6);
        assert(bytes14(bytes32(encoded)) >> (8 * (14 - length)) == prefix >> (8 * (14 - length)));
        assert(address(bytes20(encoded[length:])) == account);
        assert(ChainId.unwrap(chain) != 0);
    }

    /// @custom:halmos --array-lengths encoded={27,28,29,30,31,32,33,34}
    function check_tryParse_readsWhateverFormatWrites(bytes calldata encoded, ChainId chain, address account)
        public
        pure
    {
        vm.assume(ChainId.unwrap(chain) != 0);
        uint256 length = encoded.length - 20;
        bytes14 prefix = InteroperableAddresses.prefix(chain);
        vm.assume(uint8(prefix[4]) == length - 6);
        vm.assume(bytes14(bytes32(encoded)) >> (8 * (14 - length)) == prefix >> (8 * (14 - length)));
        vm.assume(address(bytes20(encoded[length:])) == account);

        (bool valid, ChainId parsedChain, address parsed) = InteroperableAddresses.tryParse(encoded);
        assert(valid && parsedChain == chain && parsed == account);
    }

    /// @custom:halmos --array-lengths encoded={0,1,4,5,6,25,26,35,36,46}
    function check_tryParse_refusesOtherLengths(bytes calldata encoded) public pure {
        (bool valid,,) = InteroperableAddresses.tryParse(encoded);

        assert(!valid);
    }

    function check_prefix_isFollowedByZeros(ChainId chain) public pure {
        bytes14 prefix = InteroperableAddresses.prefix(chain);
        uint256 referenceLength = uint8(prefix[4]);

        assert(referenceLength >= 1 && referenceLength <= 8);
        assert(uint112(prefix) << (8 * (6 + referenceLength)) & type(uint112).max == 0);
    }

    function check_format_isPrefixAndAccount(ChainId chain, address account, uint8 referenceLength)
        public
        pure
    {
        bytes14 prefix = InteroperableAddresses.prefix(chain);
        for (uint256 length = 1; length <= 8; ++length) {
            if (referenceLength != length) continue;
            uint256 announced;
            assembly {
                announced := byte(4, prefix)
            }
            if (announced != length) continue;
            bytes memory encoded = InteroperableAddresses.format(chain, account);
            assert(encoded.length == length + 26);
            bytes32 first;
            bytes32 last;
            assembly {
                first := mload(add(encoded, 0x20))
                last := mload(add(encoded, add(length, 26)))
            }
            assert(bytes14(first) >> (8 * (8 - length)) == prefix >> (8 * (8 - length)));
            assert(address(uint160(uint256(last))) == account);
        }
    }
}
