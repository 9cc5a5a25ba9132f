// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Crosschain} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Crosschain.sol";

import {OwnedLinks} from "./OwnedLinks.sol";

/// @title Sample cross-chain ERC-20
/// @notice OpenZeppelin's {ERC20Crosschain}, with links that its owner sets.
contract SampleERC20Crosschain is ERC20Crosschain, OwnedLinks {
    constructor(string memory name_, string memory symbol_, address owner)
        ERC20(name_, symbol_)
        OwnedLinks(owner)
    {}
}
