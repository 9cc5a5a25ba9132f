// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IPolicySet} from "../../../src/interfaces/IPolicySet.sol";
import {ITransferPolicy} from "../../../src/interfaces/ITransferPolicy.sol";
import {PolicySet} from "../../../src/marketplace/guards/PolicySet.sol";
import {Sales} from "./Sales.sol";

/// @notice Admits whoever brings the word.
contract WordPolicy is ITransferPolicy {
    error WordWrong(bytes word);

    bytes private expected;

    constructor(bytes memory expected_) {
        expected = expected_;
    }

    function admits(Sale calldata, bytes calldata word) external view returns (bytes4) {
        require(keccak256(word) == keccak256(expected), WordWrong(word));
        return ITransferPolicy.admits.selector;
    }
}

/// @notice Answers, but not that it admits.
contract MutteringPolicy is ITransferPolicy {
    function admits(Sale calldata, bytes calldata) external pure returns (bytes4) {
        return 0xffffffff;
    }
}

contract PolicySetTest is Sales {
    ITransferPolicy private open;
    ITransferPolicy private sesame;

    function setUp() public {
        (open, sesame) = (new WordPolicy("open"), new WordPolicy("sesame"));
    }

    function both(ITransferPolicy first, ITransferPolicy second) private returns (PolicySet) {
        ITransferPolicy[] memory policies = new ITransferPolicy[](2);
        (policies[0], policies[1]) = (first, second);
        return new PolicySet(policies);
    }

    function words(bytes memory first, bytes memory second) private pure returns (bytes memory) {
        bytes[] memory all = new bytes[](2);
        (all[0], all[1]) = (first, second);
        return abi.encode(all);
    }

    function test_whatAllAdmitIsAdmitted() public {
        PolicySet set = both(open, sesame);

        assertEq(set.admits(aSale(), words("open", "sesame")), ADMITTED);
        assertEq(address(set.policies()[0]), address(open));
        assertEq(address(set.policies()[1]), address(sesame));
    }

    function test_aSetMayBeOneOfASet() public {
        PolicySet set = both(sesame, both(open, sesame));

        assertEq(set.admits(aSale(), words("sesame", words("open", "sesame"))), ADMITTED);
    }

    function test_admits_rejectsWhatOneOfThemRejectsAndSaysWhy() public {
        PolicySet set = both(open, sesame);

        vm.expectRevert(abi.encodeWithSelector(WordPolicy.WordWrong.selector, bytes("wheat")));
        set.admits(aSale(), words("open", "wheat"));
        vm.expectRevert(abi.encodeWithSelector(WordPolicy.WordWrong.selector, bytes("sesame")));
        set.admits(aSale(), words("sesame", "open"));
    }

    function test_admits_rejectsWhatOneOfThemDoesNotClearlyAdmit() public {
        MutteringPolicy muttering = new MutteringPolicy();
        PolicySet set = both(open, muttering);

        vm.expectRevert(abi.encodeWithSelector(IPolicySet.PolicyRefused.selector, muttering));
        set.admits(aSale(), words("open", ""));
    }

    function test_admits_rejectsAnotherNumberOfCredentials() public {
        PolicySet set = both(open, sesame);

        vm.expectRevert(abi.encodeWithSelector(IPolicySet.CredentialsMalformed.selector, 0, 2));
        set.admits(aSale(), abi.encode(new bytes[](0)));
        vm.expectRevert(abi.encodeWithSelector(IPolicySet.CredentialsMalformed.selector, 3, 2));
        set.admits(aSale(), abi.encode(new bytes[](3)));
    }

    function testFuzz_admits_rejectsWhatIsNoArray(bytes calldata nonsense) public {
        PolicySet set = both(open, sesame);

        vm.expectRevert();
        set.admits(aSale(), nonsense);
    }

    function test_aSetIsOfOneToEight() public {
        vm.expectRevert(abi.encodeWithSelector(IPolicySet.PoliciesInvalid.selector, 0));
        new PolicySet(new ITransferPolicy[](0));
        vm.expectRevert(abi.encodeWithSelector(IPolicySet.PoliciesInvalid.selector, 9));
        new PolicySet(new ITransferPolicy[](9));

        ITransferPolicy[] memory eight = new ITransferPolicy[](8);
        for (uint256 i = 0; i < 8; ++i) {
            eight[i] = open;
        }
        assertEq(new PolicySet(eight).policies().length, 8);
    }

    function test_aSetIsOfContracts() public {
        ITransferPolicy nobody = ITransferPolicy(makeAddr("nobody"));

        vm.expectRevert(abi.encodeWithSelector(IPolicySet.PolicyWithoutCode.selector, nobody));
        both(open, nobody);
    }
}
