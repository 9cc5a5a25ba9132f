// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BridgeERC1155} from "@openzeppelin/contracts/crosschain/bridges/BridgeERC1155.sol";
import {IERC1155} from "@openzeppelin/contracts/interfaces/IERC1155.sol";

import {OwnedLinks} from "./OwnedLinks.sol";

/// @title Sample bridge of an ERC-1155
/// @notice OpenZeppelin's {BridgeERC1155}, with links that its owner sets.
contract SampleBridgeERC1155 is BridgeERC1155, OwnedLinks {
    constructor(IERC1155 token_, address owner) BridgeERC1155(token_) OwnedLinks(owner) {}
}
