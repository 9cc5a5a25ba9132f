// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Crosschain} from "@openzeppelin/contracts/token/ERC1155/extensions/ERC1155Crosschain.sol";

import {OwnedLinks} from "./OwnedLinks.sol";

/// @title Sample cross-chain ERC-1155
/// @notice OpenZeppelin's {ERC1155Crosschain}, with links that its owner sets.
contract SampleERC1155Crosschain is ERC1155Crosschain, OwnedLinks {
    constructor(string memory uri_, address owner) ERC1155(uri_) OwnedLinks(owner) {}
}
