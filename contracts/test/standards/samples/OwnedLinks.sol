// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";

/// @title Links that an owner sets
/// @notice Two applications that name each other cannot both be told so when they are created: whoever owns them links
///         them afterwards, once for each chain.
abstract contract OwnedLinks is Ownable, CrosschainLinked {
    constructor(address owner) Ownable(owner) CrosschainLinked(new Link[](0)) {}

    /// @notice Names the gateway that leads to a counterpart, an interoperable address.
    function link(address gateway, bytes calldata counterpart) external onlyOwner {
        _setLink(gateway, counterpart, false);
    }
}
