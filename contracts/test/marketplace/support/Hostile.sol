// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

import {ITransferPolicy} from "../../../src/interfaces/ITransferPolicy.sol";
import {ChainId} from "../../../src/types/Message.sol";

/// @notice An ERC-721 whose functions do what they are told to instead of what they should.
contract OddERC721 is ERC721("Odd", "ODD") {
    enum Mode {
        HONEST,
        ANSWER,
        REVERT,
        BURN_GAS,
        ANSWER_MUCH,
        REVERT_MUCH,
        CALL,
        DO_NOTHING
    }

    mapping(bytes4 => Mode) private modes;
    mapping(bytes4 => bytes) private words;
    address private target;
    bool public succeeded;

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    function set(bytes4 selector, Mode mode, bytes calldata raw) external {
        (modes[selector], words[selector]) = (mode, raw);
    }

    /// @dev The next transfer calls somebody.
    function callOnTransfer(address target_, bytes calldata data) external {
        target = target_;
        modes[this.transferFrom.selector] = Mode.CALL;
        words[this.transferFrom.selector] = data;
    }

    function setTransfers(Mode mode, bytes calldata raw) external {
        (modes[this.transferFrom.selector], words[this.transferFrom.selector]) = (mode, raw);
    }

    function _act(bytes4 selector) private view {
        Mode mode = modes[selector];
        bytes memory raw = words[selector];
        assembly ("memory-safe") {
            switch mode
            case 1 { return(add(raw, 32), mload(raw)) }
            case 2 { revert(add(raw, 32), mload(raw)) }
            case 3 { invalid() }
            case 4 { return(0, 1048576) }
            case 5 { revert(0, 1048576) }
        }
    }

    function _update(address to, uint256 id, address auth) internal override returns (address) {
        if (auth == address(0)) return super._update(to, id, auth);
        bytes4 selector = this.transferFrom.selector;
        _act(selector);
        if (modes[selector] == Mode.DO_NOTHING) return _ownerOf(id);
        if (modes[selector] == Mode.CALL) (succeeded,) = target.call(words[selector]);
        return super._update(to, id, auth);
    }

    function ownerOf(uint256 id) public view override returns (address) {
        _act(msg.sig);
        return super.ownerOf(id);
    }

    function royaltyInfo(uint256, uint256) external view returns (address, uint256) {
        _act(msg.sig);
        return (address(0), 0);
    }

    function home() external view returns (uint64, address) {
        _act(msg.sig);
        return (0, address(0));
    }
}

/// @notice A wallet that agrees to what its owner has said, or burns gas instead.
contract SampleWallet {
    mapping(bytes32 => bool) public agreed;
    bool public burning;

    function agree(bytes32 hash) external {
        agreed[hash] = true;
    }

    function burnGas() external {
        burning = true;
    }

    function call(address to, bytes calldata data) external returns (bytes memory answer) {
        bool succeeded;
        (succeeded, answer) = to.call(data);
        require(succeeded, "refused");
    }

    function isValidSignature(bytes32 hash, bytes calldata) external view returns (bytes4) {
        if (burning) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        return agreed[hash] ? this.isValidSignature.selector : bytes4(0);
    }
}

/// @notice Admits what it is told to, and remembers what it was asked.
contract FakeBreaker {
    bool public admitting = true;
    uint256 public asked;
    uint256 public recorded;
    uint256 public price;

    function refuse() external {
        admitting = false;
    }

    function admit(address, ChainId, address, uint256 unitPrice) external returns (bool) {
        (asked, price) = (asked + 1, unitPrice);
        return admitting;
    }

    function record(address, ChainId, address, uint256) external {
        ++recorded;
    }
}

/// @notice Every token is worth as many dollars as it is told.
contract FakeFeeds {
    uint256 private rate = 1;

    function set(uint256 rate_) external {
        rate = rate_;
    }

    function convert(address, uint256 referencePrice) external view returns (uint256) {
        return referencePrice * rate;
    }
}

/// @notice Admits whoever brings the password; and says yes in another way if that is "true".
contract FakePolicy {
    error NoPassword();

    function admits(ITransferPolicy.Sale calldata, bytes calldata credential) external pure returns (bytes4) {
        if (keccak256(credential) == keccak256("true")) return bytes4(uint32(1));
        if (keccak256(credential) == keccak256("burn")) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        require(keccak256(credential) == keccak256("password"), NoPassword());
        return ITransferPolicy.admits.selector;
    }
}

/// @notice Buys for itself, and takes coins or not, as it is told.
contract MoodyBuyer {
    bool public takesCoins = true;
    uint256 private burns;

    receive() external payable {
        require(takesCoins, "not today");
        if (burns > 0) {
            assembly ("memory-safe") {
                invalid()
            }
        }
    }

    function refuseCoins() external {
        takesCoins = false;
    }

    function relent() external {
        (takesCoins, burns) = (true, 0);
    }

    function burnGas() external {
        burns = 1;
    }

    function call(address to, uint256 value, bytes calldata data)
        external
        payable
        returns (bytes memory answer)
    {
        bool succeeded;
        (succeeded, answer) = to.call{value: value}(data);
        if (!succeeded) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }

    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC721Received.selector;
    }
}
