// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ItemType} from "../types/Listings.sol";
import {ChainId} from "../types/Message.sol";

/// @title Transfer policy
/// @notice Decides who may buy items of a collection: by signed credentials, by a sanctions oracle, or by anything else.
interface ITransferPolicy {
    /// @notice A sale that is about to happen.
    struct Sale {
        ItemType itemType;
        address token;
        uint256 identifier;
        uint128 units;
        address offerer;
        /// @dev Who pays, on the payment chain.
        address buyer;
        ChainId paymentChain;
        /// @dev Who gets the item, on the delivery chain.
        address recipient;
        ChainId deliveryChain;
    }

    /// @notice Whether the sale may happen.
    /// @dev Called with a bounded amount of gas; reverting refuses.
    /// @param credential What the buyer brought.
    /// @return The selector of this function. Anything else refuses.
    function admits(Sale calldata sale, bytes calldata credential) external view returns (bytes4);
}
