// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BridgeERC721} from "@openzeppelin/contracts/crosschain/bridges/BridgeERC721.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";

import {OwnedLinks} from "./OwnedLinks.sol";

/// @title Sample bridge of an ERC-721
/// @notice OpenZeppelin's {BridgeERC721}, with links that its owner sets.
contract SampleBridgeERC721 is BridgeERC721, OwnedLinks {
    constructor(IERC721 token_, address owner) BridgeERC721(token_) OwnedLinks(owner) {}
}
