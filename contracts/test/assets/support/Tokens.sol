// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @notice Keeps a tenth of every transfer.
contract TithingERC20 is ERC20("Tithe", "TITHE") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, amount);
        super._update(from, address(0xfee), amount / 10);
        super._update(from, to, amount - amount / 10);
    }
}

/// @notice Answers nothing, as tokens from before the standard do.
contract SilentERC20 {
    mapping(address => uint256) public balanceOf;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @notice Answers false instead of reverting, or true without doing anything.
contract LyingERC20 {
    bool private immutable answer;

    constructor(bool answer_) {
        answer = answer_;
    }

    function balanceOf(address) external pure returns (uint256) {
        return 100;
    }

    function transferFrom(address, address, uint256) external view returns (bool) {
        return answer;
    }
}

/// @notice Calls somebody during every transfer, before or after it happens, as ERC-777 does.
contract CallingERC20 is ERC20("Calling", "CALL") {
    address private target;
    bytes private data;
    bytes public failure;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function prepare(address target_, bytes calldata data_) external {
        (target, data) = (target_, data_);
    }

    function _update(address from, address to, uint256 amount) internal override {
        (address target_, bytes memory data_) = (target, data);
        target = address(0);
        if (target_ != address(0)) {
            (bool succeeded, bytes memory answer) = target_.call(data_);
            if (!succeeded) failure = answer;
        }
        super._update(from, to, amount);
    }
}

/// @notice An ERC-20 whose descriptive functions answer what they are told to.
contract OddERC20 is ERC20("", "") {
    mapping(bytes4 => bytes) private answers;
    mapping(bytes4 => uint256) private modes;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @param mode 1: answer raw bytes; 2: revert; 3: burn all gas; 4: a megabyte of zeros.
    function set(bytes4 selector, uint256 mode, bytes calldata raw) external {
        (modes[selector], answers[selector]) = (mode, raw);
    }

    function _act() private view {
        uint256 mode = modes[msg.sig];
        bytes memory raw = answers[msg.sig];
        assembly ("memory-safe") {
            switch mode
            case 1 { return(add(raw, 32), mload(raw)) }
            case 2 { revert(0, 0) }
            case 3 { invalid() }
            case 4 { return(0, 1048576) }
        }
    }

    function name() public view override returns (string memory) {
        _act();
        return "Odd";
    }

    function symbol() public view override returns (string memory) {
        _act();
        return "ODD";
    }

    function decimals() public view override returns (uint8) {
        _act();
        return 6;
    }
}

/// @notice Says it transfers, and does not.
contract StuckERC721 is ERC721("Stuck", "STUCK") {
    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    function transferFrom(address, address, uint256) public override {}
}

/// @notice Loses some of what it transfers.
contract LeakyERC1155 is ERC1155("") {
    function mint(address to, uint256 id, uint256 amount) external {
        _mint(to, id, amount, "");
    }

    function safeTransferFrom(address from, address to, uint256 id, uint256 amount, bytes memory data)
        public
        override
    {
        super.safeTransferFrom(from, to, id, amount, data);
        _burn(to, id, 1);
    }
}

/// @notice Takes tokens or not, as it is told.
contract MoodyHolder is ERC1155Holder {
    error NotToday();

    bool public willing;

    function relent() external {
        willing = true;
    }

    function onERC721Received(address, address, uint256, bytes calldata) external view returns (bytes4) {
        require(willing, NotToday());
        return this.onERC721Received.selector;
    }

    function onERC1155Received(address, address, uint256, uint256, bytes memory)
        public
        view
        override
        returns (bytes4)
    {
        require(willing, NotToday());
        return this.onERC1155Received.selector;
    }
}

/// @notice Calls somebody when it is given an ERC-721, and remembers whether that went well.
contract CallingHolder {
    address private target;
    bytes private data;
    bool public called;
    bool public succeeded;

    function prepare(address target_, bytes calldata data_) external {
        (target, data) = (target_, data_);
    }

    function approve(IERC721 token, address spender) external {
        token.setApprovalForAll(spender, true);
    }

    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        called = true;
        (succeeded,) = target.call(data);
        return this.onERC721Received.selector;
    }
}
