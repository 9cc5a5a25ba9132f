// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "forge-std/Test.sol";

import {ITransferPolicy} from "../../../src/interfaces/ITransferPolicy.sol";
import {ItemType} from "../../../src/types/Listings.sol";
import {ChainId} from "../../../src/types/Message.sol";

/// @notice Sales that policies are asked about.
abstract contract Sales is Test {
    bytes4 internal constant ADMITTED = ITransferPolicy.admits.selector;

    address internal immutable governance = makeAddr("governance");
    address internal immutable alice = makeAddr("alice");
    address internal immutable bob = makeAddr("bob");
    address internal immutable carol = makeAddr("carol");
    address internal immutable herons = makeAddr("herons");

    /// @dev Alice sells a heron to Bob, who gives it to Carol on another chain.
    function aSale() internal view returns (ITransferPolicy.Sale memory) {
        return ITransferPolicy.Sale({
            itemType: ItemType.ERC721,
            token: herons,
            identifier: 42,
            units: 1,
            offerer: alice,
            buyer: bob,
            paymentChain: ChainId.wrap(31338),
            recipient: carol,
            deliveryChain: ChainId.wrap(31339)
        });
    }
}
