// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";

/// @title Sample ERC-1155
/// @notice A multi-token for development chains: anyone may mint.
contract SampleERC1155 is ERC1155 {
    constructor(string memory uri_) ERC1155(uri_) {}

    /// @notice Mints a batch to whoever asks.
    function mintBatch(address to, uint256[] calldata ids, uint256[] calldata amounts) external {
        _mintBatch(to, ids, amounts, "");
    }
}
