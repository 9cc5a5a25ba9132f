// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Crosschain} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Crosschain.sol";

import {OwnedLinks} from "./OwnedLinks.sol";

/// @title Sample cross-chain ERC-721
/// @notice OpenZeppelin's {ERC721Crosschain}, with links that its owner sets.
contract SampleERC721Crosschain is ERC721Crosschain, OwnedLinks {
    constructor(string memory name_, string memory symbol_, address owner)
        ERC721(name_, symbol_)
        OwnedLinks(owner)
    {}
}
