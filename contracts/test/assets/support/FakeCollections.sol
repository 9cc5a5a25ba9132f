// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";

/// @notice Says that it has handed over what it has not.
contract FakeERC721 is ERC721("Fakes", "FAKE") {
    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    function pretend(IERC721Receiver receiver, address from, uint256 id, bytes calldata data) external {
        receiver.onERC721Received(from, from, id, data);
    }

    function ownerOf(uint256 id) public view override returns (address) {
        return _ownerOf(id);
    }
}

/// @notice The same in many copies, also while others are fetched.
contract FakeERC1155 is ERC1155("") {
    bytes public failure;
    bytes private inner;

    function give(address to, uint256 id, uint256 amount) external {
        uint256[] memory ids = new uint256[](1);
        uint256[] memory amounts = new uint256[](1);
        (ids[0], amounts[0]) = (id, amount);
        _update(address(0), to, ids, amounts);
    }

    function pretend(IERC1155Receiver receiver, address from, uint256 id, uint256 amount, bytes calldata data)
        external
    {
        receiver.onERC1155Received(from, from, id, amount, data);
    }

    function pretendWithin(address from, uint256 id, uint256 amount, bytes calldata data) external {
        inner = abi.encodeCall(IERC1155Receiver.onERC1155Received, (from, from, id, amount, data));
    }

    function safeTransferFrom(address from, address to, uint256 id, uint256 amount, bytes memory data)
        public
        override
    {
        if (inner.length > 0) {
            (bool succeeded, bytes memory answer) = to.call(inner);
            if (!succeeded) failure = answer;
        }
        _safeTransferFrom(from, to, id, amount, data);
    }
}
