// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC2981} from "@openzeppelin/contracts/token/common/ERC2981.sol";

/// @title Sample ERC-1155
/// @notice For tests: anyone may mint, with a URI and a royalty.
contract SampleERC1155 is ERC1155, ERC2981 {
    string public name;
    string public symbol;

    mapping(uint256 id => string) private _uris;

    /// @param royaltyBasisPoints The collection's royalty; 0: none.
    constructor(
        string memory name_,
        string memory symbol_,
        address royaltyReceiver,
        uint96 royaltyBasisPoints
    ) ERC1155("") {
        (name, symbol) = (name_, symbol_);
        if (royaltyBasisPoints > 0) _setDefaultRoyalty(royaltyReceiver, royaltyBasisPoints);
    }

    /// @notice Mints to whomever, for whoever asks.
    function mint(address to, uint256 id, uint256 amount, string calldata itemUri) external {
        if (bytes(itemUri).length > 0) _uris[id] = itemUri;
        _mint(to, id, amount, "");
    }

    /// @notice Gives an item a royalty of its own, for whoever asks.
    function setRoyalty(uint256 id, address receiver, uint96 basisPoints) external {
        _setTokenRoyalty(id, receiver, basisPoints);
    }

    function uri(uint256 id) public view override returns (string memory) {
        return _uris[id];
    }

    function supportsInterface(bytes4 interfaceId) public view override(ERC1155, ERC2981) returns (bool) {
        return super.supportsInterface(interfaceId);
    }
}
