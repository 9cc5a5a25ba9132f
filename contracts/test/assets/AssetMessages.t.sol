// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {AssetMessages} from "../../src/assets/AssetMessages.sol";
import {AssetReading} from "../../src/assets/AssetReading.sol";
import {Description, Item, Royalty} from "../../src/types/Assets.sol";
import {ChainId} from "../../src/types/Message.sol";

/// @notice The codec behind external calls, with payloads in calldata.
contract AssetMessagesHarness {
    function head(bytes calldata payload) external pure returns (uint8, uint8, address) {
        return AssetReading.readHead(payload);
    }

    function parties(bytes calldata payload) external pure returns (address recipient, address refund) {
        (recipient, refund,) = AssetReading.readParties(payload);
    }

    function amount(bytes calldata payload) external pure returns (uint256) {
        (,, uint256 offset) = AssetReading.readParties(payload);
        return AssetReading.readAmount(payload, offset);
    }

    function finalChain(bytes calldata payload) external pure returns (ChainId chain) {
        (,, uint256 offset) = AssetReading.readParties(payload);
        (chain,) = AssetReading.readFinalChain(payload, offset);
    }

    function description(uint8 standard, bytes calldata payload) external pure returns (Description memory) {
        return AssetReading.readDescription(standard, payload);
    }

    /// @notice The items of a message that wraps, one after the other, to the end.
    function items(uint8 standard, bool wrapping, bytes calldata payload)
        external
        pure
        returns (Item[] memory all)
    {
        all = new Item[](payload.length);
        (uint256 count, uint256 id) = (0, 0);
        for (uint256 offset = AssetMessages.ASSETS; offset < payload.length; ++count) {
            (uint256 begin, bool bringing) = (offset, false);
            Item memory item = all[count];
            (id, item.amount, bringing, offset) =
                AssetReading.readItem(standard, wrapping, payload, AssetMessages.ASSETS, offset, id);
            item.id = id;
            if (bringing) {
                (item.uri, item.ownRoyalty, item.royalty, offset) =
                    AssetReading.readBrought(payload, begin, offset);
            }
        }
        assembly ("memory-safe") {
            mstore(all, count)
        }
    }
}

contract AssetMessagesTest is Test {
    AssetMessagesHarness private codec = new AssetMessagesHarness();

    address private constant TOKEN = address(0x70);
    address private constant RECIPIENT = address(0xb0b);
    bytes private constant HEAD =
        hex"0200000000000000000000000000000000000000700000000000000000000000000000000000000b0b";

    /* WRITING AND READING */

    function testFuzz_erc20_isReadAsItWasWritten(
        address token,
        address recipient,
        address refund,
        uint256 amount
    ) public view {
        vm.assume(token != address(0) && recipient != address(0) && refund != address(0) && amount > 0);
        bytes memory payload = erc20(token, recipient, refund, amount);

        (uint8 standard, uint8 way, address readToken) = codec.head(payload);
        assertEq(standard, AssetMessages.ERC20);
        assertEq(way, 0);
        assertEq(readToken, token);
        (address readRecipient, address readRefund) = codec.parties(payload);
        assertEq(readRecipient, recipient);
        assertEq(readRefund, refund);
        assertEq(codec.amount(payload), amount);
    }

    function erc20(address token, address recipient, address refund, uint256 amount)
        private
        pure
        returns (bytes memory)
    {
        bytes memory head = AssetMessages.outward(AssetMessages.ERC20, token, recipient, refund);
        return bytes.concat(head, AssetMessages.erc20Amount(amount));
    }

    function testFuzz_homeward_isReadAsItWasWritten(uint64 home, uint64 destination, bool same) public view {
        address refund = same ? RECIPIENT : TOKEN;
        bytes memory begun = AssetMessages.homeward(
            AssetMessages.ERC1155, TOKEN, RECIPIENT, refund, ChainId.wrap(home), ChainId.wrap(destination)
        );
        bytes memory payload = bytes.concat(begun, hex"01");

        (, uint8 way,) = codec.head(payload);
        assertEq(way, home == destination ? AssetMessages.RETURN : AssetMessages.FORWARD);
        (, address readRefund) = codec.parties(payload);
        assertEq(readRefund, refund);
        if (home != destination) assertEq(ChainId.unwrap(codec.finalChain(payload)), destination);
    }

    function testFuzz_items_areReadAsTheyWereWritten(
        bool isERC721,
        uint256 id,
        uint256 amount,
        bytes calldata uri,
        bool ownRoyalty,
        address receiver,
        uint16 basisPoints
    ) public view {
        id = bound(id, 0, type(uint256).max - 1);
        amount = isERC721 ? 1 : bound(amount, 1, type(uint256).max);
        basisPoints = receiver == address(0) ? 0 : uint16(bound(basisPoints, 1, 10_000));
        uint8 standard = isERC721 ? AssetMessages.ERC721 : AssetMessages.ERC1155;
        Item memory written = Item(id, amount, string(uri), ownRoyalty, Royalty(receiver, basisPoints));
        bytes memory second = AssetMessages.item(standard, id + 1, amount);

        Item[] memory read =
            codec.items(standard, true, bytes.concat(HEAD, AssetMessages.item(standard, written), second));

        assertEq(read.length, 2);
        assertEq(read[0].id, id);
        assertEq(read[0].amount, amount);
        assertEq(read[0].uri, string(uri));
        assertEq(read[0].ownRoyalty, ownRoyalty);
        assertEq(read[0].royalty.receiver, ownRoyalty ? receiver : address(0));
        assertEq(read[0].royalty.basisPoints, ownRoyalty ? basisPoints : 0);
        assertEq(read[1].id, id + 1);
    }

    function testFuzz_description_isReadAsItWasWritten(
        bytes32 name,
        bytes32 symbol,
        uint8 decimals,
        address receiver
    ) public view {
        vm.assume(receiver != address(0));
        Description memory written = Description(
            string(abi.encodePacked(name, symbol)),
            string(abi.encodePacked(symbol)),
            decimals,
            Royalty(receiver, 500)
        );

        bytes memory payload = AssetMessages.description(AssetMessages.ERC20, TOKEN, written);
        Description memory read = codec.description(AssetMessages.ERC20, payload);
        assertEq(read.name, written.name);
        assertEq(read.symbol, written.symbol);
        assertEq(read.decimals, decimals);
        assertEq(read.royalty.receiver, address(0));

        payload = AssetMessages.description(AssetMessages.ERC721, TOKEN, written);
        read = codec.description(AssetMessages.ERC721, payload);
        assertEq(read.name, written.name);
        assertEq(read.decimals, 0);
        assertEq(read.royalty.receiver, receiver);
        assertEq(read.royalty.basisPoints, 500);
    }

    function test_erc20_takesNoByteTooMany() public pure {
        assertEq(erc20(TOKEN, RECIPIENT, RECIPIENT, 255).length, 42);
        assertEq(erc20(TOKEN, RECIPIENT, RECIPIENT, 256).length, 43);
        assertEq(erc20(TOKEN, RECIPIENT, RECIPIENT, type(uint256).max).length, 73);
        assertEq(erc20(TOKEN, RECIPIENT, TOKEN, 255).length, 62);
    }

    /* RULES */

    function testFuzz_head_knowsTheKindsThereAre(uint8 kind) public {
        bytes memory payload = abi.encodePacked(kind, TOKEN);
        uint8 standard = kind & 3;
        uint8 way = kind & 0xbc;
        bool told = kind & 0xfc == 4 || kind & 0xfc == 0x20;
        bool known = standard != 0 && (way == 0 || way == 8 || way == 16 || told);
        if (!known) vm.expectRevert(abi.encodeWithSelector(AssetReading.KindUnknown.selector, kind));
        codec.head(payload);
    }

    function test_head_refusesZeroAddresses() public {
        vm.expectRevert(AssetReading.AddressZero.selector);
        codec.head(abi.encodePacked(uint8(1), address(0), RECIPIENT, uint8(1)));

        vm.expectRevert(AssetReading.AddressZero.selector);
        codec.parties(abi.encodePacked(uint8(1), TOKEN, address(0), uint8(1)));

        vm.expectRevert(AssetReading.AddressZero.selector);
        codec.parties(abi.encodePacked(uint8(0x41), TOKEN, RECIPIENT, address(0), uint8(1)));
    }

    function test_parties_refuseARefundAddressThatIsTheRecipient() public {
        vm.expectRevert(abi.encodeWithSelector(AssetReading.RefundRedundant.selector, RECIPIENT));
        codec.parties(abi.encodePacked(uint8(0x41), TOKEN, RECIPIENT, RECIPIENT, uint8(1)));
    }

    function testFuzz_parties_refuseWhatIsTooShort(uint256 length, bool named) public {
        uint256 needed = named ? 62 : 42;
        length = bound(length, named ? 1 : 0, needed - 1);
        bytes memory payload = new bytes(length);
        if (named) payload[0] = 0x41;
        vm.expectRevert(abi.encodeWithSelector(AssetReading.PayloadTruncated.selector, length, needed));
        codec.parties(payload);
    }

    function test_finalChain_refusesWhatIsTooShort() public {
        bytes memory payload = abi.encodePacked(uint8(17), TOKEN, RECIPIENT, uint64(7));
        vm.expectRevert(abi.encodeWithSelector(AssetReading.PayloadTruncated.selector, 49, 50));
        codec.finalChain(payload);
    }

    function test_amount_refusesLeadingZerosAndTooManyBytes() public {
        vm.expectRevert(abi.encodeWithSelector(AssetReading.NumberNonCanonical.selector, 41));
        codec.amount(bytes.concat(HEAD, hex"0001"));

        vm.expectRevert(abi.encodeWithSelector(AssetReading.NumberNonCanonical.selector, 41));
        codec.amount(bytes.concat(HEAD, hex"00"));

        vm.expectRevert(abi.encodeWithSelector(AssetReading.NumberNonCanonical.selector, 41));
        codec.amount(bytes.concat(HEAD, bytes32(type(uint256).max), hex"01"));
    }

    function test_item_refusesIdsOutOfOrder() public {
        vm.expectRevert(abi.encodeWithSelector(AssetReading.IdsNotAscending.selector, 5, 5));
        codec.items(AssetMessages.ERC721, true, bytes.concat(HEAD, hex"01050105"));

        vm.expectRevert(abi.encodeWithSelector(AssetReading.IdsNotAscending.selector, 5, 0));
        codec.items(AssetMessages.ERC721, true, bytes.concat(HEAD, hex"010500"));
    }

    function test_item_refusesNumbersThatAreNotCanonical() public {
        vm.expectRevert(abi.encodeWithSelector(AssetReading.NumberNonCanonical.selector, 42));
        codec.items(AssetMessages.ERC721, true, bytes.concat(HEAD, hex"020005"));

        vm.expectRevert(abi.encodeWithSelector(AssetReading.NumberNonCanonical.selector, 42));
        codec.items(AssetMessages.ERC721, true, bytes.concat(HEAD, hex"21", new bytes(33)));

        vm.expectRevert(abi.encodeWithSelector(AssetReading.NumberNonCanonical.selector, 44));
        codec.items(AssetMessages.ERC1155, true, bytes.concat(HEAD, hex"010500"));
    }

    function test_item_refusesAHomecomingThatBringsSomething() public {
        vm.expectRevert(abi.encodeWithSelector(AssetReading.ItemMalformed.selector, 41));
        codec.items(AssetMessages.ERC721, false, bytes.concat(HEAD, hex"4105000161"));
    }

    function test_item_refusesAUriThatIsEmptyOrTooLong() public {
        vm.expectRevert(abi.encodeWithSelector(AssetReading.ItemMalformed.selector, 41));
        codec.items(AssetMessages.ERC721, true, bytes.concat(HEAD, hex"41050000"));

        vm.expectRevert(abi.encodeWithSelector(AssetReading.TextTooLong.selector, 2049, 2048));
        codec.items(AssetMessages.ERC721, true, bytes.concat(HEAD, hex"41050801", new bytes(2049)));
    }

    function test_item_refusesRoyaltiesThatMakeNoSense() public {
        bytes memory begun = bytes.concat(HEAD, hex"8105");
        vm.expectRevert(abi.encodeWithSelector(AssetReading.RoyaltyMalformed.selector, TOKEN, 10_001));
        codec.items(AssetMessages.ERC721, true, abi.encodePacked(begun, TOKEN, uint16(10_001)));

        vm.expectRevert(abi.encodeWithSelector(AssetReading.RoyaltyMalformed.selector, TOKEN, 0));
        codec.items(AssetMessages.ERC721, true, abi.encodePacked(begun, TOKEN, uint16(0)));

        vm.expectRevert(abi.encodeWithSelector(AssetReading.RoyaltyMalformed.selector, address(0), 1));
        codec.items(AssetMessages.ERC721, true, abi.encodePacked(begun, address(0), uint16(1)));
    }

    function testFuzz_items_refuseEveryTruncation(uint256 cut) public {
        Item memory item = Item(1234, 56, "ipfs://heron", true, Royalty(RECIPIENT, 500));
        bytes memory whole = bytes.concat(HEAD, AssetMessages.item(AssetMessages.ERC1155, item));
        cut = bound(cut, 42, whole.length - 1);
        assembly ("memory-safe") {
            mstore(whole, cut)
        }
        vm.expectRevert();
        codec.items(AssetMessages.ERC1155, true, whole);
    }

    function test_description_refusesTruncationTrailingBytesAndLongNames() public {
        Description memory d = Description("Coins", "COIN", 18, Royalty(address(0), 0));
        bytes memory whole = AssetMessages.description(AssetMessages.ERC20, TOKEN, d);

        vm.expectRevert(abi.encodeWithSelector(AssetReading.PayloadTrailing.selector, 34, 33));
        codec.description(AssetMessages.ERC20, bytes.concat(whole, hex"00"));

        assembly ("memory-safe") {
            mstore(whole, 32)
        }
        vm.expectRevert(abi.encodeWithSelector(AssetReading.PayloadTruncated.selector, 32, 33));
        codec.description(AssetMessages.ERC20, whole);

        d.name = string(new bytes(65));
        whole = AssetMessages.description(AssetMessages.ERC20, TOKEN, d);
        vm.expectRevert(abi.encodeWithSelector(AssetReading.TextTooLong.selector, 65, 64));
        codec.description(AssetMessages.ERC20, whole);
    }
}
