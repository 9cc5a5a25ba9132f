// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BridgeERC7802} from "@openzeppelin/contracts/crosschain/bridges/BridgeERC7802.sol";
import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";

import {OwnedLinks} from "./OwnedLinks.sol";

/// @title Sample bridge of an ERC-7802 token
/// @notice OpenZeppelin's {BridgeERC7802}, with links that its owner sets.
contract SampleBridgeERC7802 is BridgeERC7802, OwnedLinks {
    constructor(IERC7802 token_, address owner) BridgeERC7802(token_) OwnedLinks(owner) {}
}
