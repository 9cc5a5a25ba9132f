// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BridgeERC20} from "@openzeppelin/contracts/crosschain/bridges/BridgeERC20.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";

import {OwnedLinks} from "./OwnedLinks.sol";

/// @title Sample bridge of an ERC-20
/// @notice OpenZeppelin's {BridgeERC20}, with links that its owner sets.
contract SampleBridgeERC20 is BridgeERC20, OwnedLinks {
    constructor(IERC20 token_, address owner) BridgeERC20(token_) OwnedLinks(owner) {}
}
