// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {Test} from "forge-std/Test.sol";

import {IBounceRecipient} from "../../src/interfaces/IBounceRecipient.sol";
import {Envelopes} from "../../src/types/Envelopes.sol";
import {InteroperableAddresses} from "../../src/types/InteroperableAddresses.sol";
import {ChainId, Message, Messages} from "../../src/types/Message.sol";
import {RecordingRecipient} from "../support/Recipients.sol";

/// @notice Holds the libraries under the gateway equal to their plain twins.
contract TypesTest is Test {
    function tryParse(bytes calldata encoded) external pure returns (bool, ChainId, address) {
        return InteroperableAddresses.tryParse(encoded);
    }

    function leafOf(Message calldata message, bytes32 lane, uint64 nonce) external pure returns (bytes32) {
        return Envelopes.leafOf(message, lane, nonce);
    }

    function handOver(Message calldata message, bytes32 id, ChainId source, bytes calldata dirt)
        external
        returns (bool executed)
    {
        soil(dirt);
        (executed,) =
            Envelopes.handOver(message, id, InteroperableAddresses.prefix(source), gasleft(), message.flags);
    }

    /// @dev Leaves something in the memory past the free pointer.
    function soil(bytes memory dirt) private pure {
        assembly ("memory-safe") {
            mcopy(mload(0x40), add(dirt, 0x20), mload(dirt))
        }
    }

    function testFuzz_format_isOpenZeppelins(ChainId chain, address account, bytes memory dirt) public pure {
        soil(dirt);
        assertEq(
            InteroperableAddresses.format(chain, account),
            InteroperableAddress.formatEvmV1(ChainId.unwrap(chain), account)
        );
    }

    function testFuzz_format_isOpenZeppelinsForEveryWidth(uint64 chain, address account) public pure {
        for (uint256 bits = 0; bits < 64; bits += 4) {
            assertEq(
                InteroperableAddresses.format(ChainId.wrap(chain >> bits), account),
                InteroperableAddress.formatEvmV1(chain >> bits, account)
            );
        }
    }

    function testFuzz_prefix_isWhatComesBeforeTheAddress(uint64 chain) public pure {
        for (uint256 bits = 0; bits < 64; bits += 4) {
            bytes14 prefix = InteroperableAddresses.prefix(ChainId.wrap(chain >> bits));
            bytes memory formatted = InteroperableAddress.formatEvmV1(chain >> bits, address(0));
            uint256 length = formatted.length - 20;

            assertEq(6 + uint8(prefix[4]), length);
            for (uint256 i = 0; i < 14; ++i) {
                assertEq(prefix[i], i < length ? formatted[i] : bytes1(0));
            }
        }
    }

    function testFuzz_tryParse_invertsFormat(uint64 chain, address account) public view {
        vm.assume(chain > type(uint32).max);
        for (uint256 bits = 0; bits < 64; bits += 4) {
            ChainId expected = ChainId.wrap(chain >> bits);
            bytes memory encoded = InteroperableAddresses.format(expected, account);
            (bool valid, ChainId parsed, address parsedAccount) = this.tryParse(encoded);

            assertEq(valid, chain >> bits != 0);
            assertEq(ChainId.unwrap(parsed), ChainId.unwrap(expected));
            assertEq(parsedAccount, valid ? account : address(0));
        }
    }

    function testFuzz_tryParse_takesNothingButTheOneEncoding(bytes calldata encoded) public view {
        assertOneEncoding(encoded);
    }

    function testFuzz_tryParse_takesNoChangedEncoding(
        uint64 chain,
        address account,
        uint256 place,
        bytes1 change
    ) public view {
        bytes memory encoded = InteroperableAddresses.format(ChainId.wrap(chain), account);
        encoded[place % encoded.length] ^= change;

        assertOneEncoding(encoded);
    }

    /// @dev What is parsed is what OpenZeppelin parses, and formats back to the same bytes.
    function assertOneEncoding(bytes memory encoded) private view {
        (bool valid, ChainId chain, address account) = this.tryParse(encoded);
        if (valid) {
            (uint256 twinChain, address twinAccount) = InteroperableAddress.parseEvmV1(encoded);
            assertEq(ChainId.unwrap(chain), twinChain);
            assertEq(account, twinAccount);
            assertEq(InteroperableAddress.formatEvmV1(twinChain, twinAccount), encoded);
        } else {
            (bool twinValid, uint256 twinChain, address twinAccount) =
                InteroperableAddress.tryParseEvmV1(encoded);
            bool canonical = twinValid && twinChain != 0 && twinChain <= type(uint64).max
                && keccak256(InteroperableAddress.formatEvmV1(twinChain, twinAccount)) == keccak256(encoded);
            assertFalse(canonical);
        }
    }

    function testFuzz_leafOf_isThePlainLeaf(Message calldata message, bytes32 lane, uint64 nonce)
        public
        view
    {
        bytes32 plain = Messages.leaf(lane, nonce, message, keccak256(message.payload));

        assertEq(this.leafOf(message, lane, nonce), plain);
    }

    function foldAll(bytes32 accumulator, bytes32[] calldata leaves) external pure returns (bytes32) {
        return Messages.foldAll(accumulator, leaves);
    }

    function testFuzz_foldAll_foldsOneAfterTheOther(bytes32 accumulator, bytes32[] calldata leaves)
        public
        view
    {
        bytes32 expected = accumulator;
        for (uint256 i = 0; i < leaves.length; ++i) {
            expected = Messages.fold(expected, leaves[i]);
        }

        assertEq(this.foldAll(accumulator, leaves), expected);
    }

    function testFuzz_handOver_isThePlainCall(
        Message memory message,
        bytes32 id,
        uint64 chain,
        uint8 bits,
        bytes memory dirt
    ) public {
        RecordingRecipient recipient = new RecordingRecipient();
        message.recipient = address(recipient);
        if (message.flags == Messages.RETURNED) message.flags = 0;
        chain = chain >> (bits % 64);

        assertTrue(this.handOver(message, id, ChainId.wrap(chain), dirt));

        bytes memory sender = InteroperableAddress.formatEvmV1(chain, message.sender);
        bytes memory plain = abi.encodeCall(IERC7786Recipient.receiveMessage, (id, sender, message.payload));
        assertEq(recipient.calls(0), plain);
    }

    function testFuzz_handOver_isThePlainCallOfAReturnToo(
        Message memory message,
        bytes32 id,
        bytes32 returnedId,
        uint64 chain,
        bytes memory dirt
    ) public {
        RecordingRecipient recipient = new RecordingRecipient();
        bytes memory payload = message.payload;
        (message.recipient, message.flags) = (address(recipient), Messages.RETURNED);
        message.payload = bytes.concat(returnedId, payload);

        assertTrue(this.handOver(message, id, ChainId.wrap(chain), dirt));

        bytes memory other = InteroperableAddress.formatEvmV1(chain, message.sender);
        bytes memory plain = abi.encodeCall(IBounceRecipient.messageBounced, (returnedId, other, payload));
        assertEq(recipient.calls(0), plain);
    }
}
