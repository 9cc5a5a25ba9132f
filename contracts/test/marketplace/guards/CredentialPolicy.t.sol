// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {ICredentialPolicy} from "../../../src/interfaces/ICredentialPolicy.sol";
import {ITransferPolicy} from "../../../src/interfaces/ITransferPolicy.sol";
import {CredentialPolicy} from "../../../src/marketplace/guards/CredentialPolicy.sol";
import {Sales} from "./Sales.sol";

/// @notice Has signed one thing.
contract SampleIssuer is IERC1271 {
    bytes32 private signed;

    function sign(bytes32 digest) external {
        signed = digest;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return digest == signed ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

contract CredentialPolicyTest is Sales {
    uint64 private constant EXPIRY = 1_700_000_000;
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    CredentialPolicy private policy;
    address private issuer;
    uint256 private key;

    function setUp() public {
        vm.warp(EXPIRY - 1 days);
        (issuer, key) = makeAddrAndKey("issuer");
        policy = aPolicy();
    }

    function aPolicy() private returns (CredentialPolicy made) {
        AccessManager authority = AccessManager(deployCode("AccessManager.sol", abi.encode(governance)));
        made = new CredentialPolicy(address(authority));
        vm.prank(governance);
        made.setIssuer(issuer, true);
    }

    function signature(address account, address collection, uint64 expiry)
        private
        view
        returns (bytes memory)
    {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, policy.digestOf(account, collection, expiry));
        return abi.encodePacked(r, s, v);
    }

    function encode(address issuer_, uint64 expiry, bytes memory signature_)
        private
        pure
        returns (bytes memory)
    {
        return abi.encode(ICredentialPolicy.Credential(issuer_, expiry, signature_));
    }

    function aCredential() private view returns (bytes memory) {
        return encode(issuer, EXPIRY, signature(carol, herons, EXPIRY));
    }

    function invalid(address recipient, address collection) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(
                ICredentialPolicy.CredentialInvalid.selector, issuer, recipient, collection
            );
    }

    /* ADMITTING */

    function test_theRecipientsCredentialAdmitsWhoeverPays() public view {
        ITransferPolicy.Sale memory sale = aSale();
        sale.buyer = alice;

        assertEq(policy.admits(sale, aCredential()), ADMITTED);
    }

    function test_anIssuerMayBeAContract() public {
        SampleIssuer contract_ = new SampleIssuer();
        vm.prank(governance);
        policy.setIssuer(address(contract_), true);
        contract_.sign(policy.digestOf(carol, herons, EXPIRY));

        assertEq(policy.admits(aSale(), encode(address(contract_), EXPIRY, "")), ADMITTED);

        contract_.sign(0);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICredentialPolicy.CredentialInvalid.selector, address(contract_), carol, herons
            )
        );
        policy.admits(aSale(), encode(address(contract_), EXPIRY, ""));
    }

    function test_aCredentialIsGoodUntilItsExpiryAndNotFromThenOn() public {
        vm.warp(EXPIRY - 1);
        assertEq(policy.admits(aSale(), aCredential()), ADMITTED);
        bytes memory credential = aCredential();
        vm.warp(EXPIRY);

        vm.expectRevert(
            abi.encodeWithSelector(ICredentialPolicy.CredentialExpired.selector, EXPIRY, uint256(EXPIRY))
        );
        policy.admits(aSale(), credential);
    }

    function test_theDigestIsThatOfEip712() public view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Lockkeeper Credentials"),
                keccak256("1"),
                block.chainid,
                address(policy)
            )
        );
        bytes32 credential = keccak256(
            abi.encode(
                keccak256("Credential(address account,address collection,uint64 expiry)"),
                carol,
                herons,
                EXPIRY
            )
        );

        assertEq(
            policy.digestOf(carol, herons, EXPIRY),
            keccak256(abi.encodePacked("\x19\x01", domain, credential))
        );
    }

    /* REFUSING */

    function test_admits_rejectsTheCredentialOfTheBuyerAlone() public {
        bytes memory credential = encode(issuer, EXPIRY, signature(bob, herons, EXPIRY));

        vm.expectRevert(invalid(carol, herons));
        policy.admits(aSale(), credential);
    }

    function test_admits_rejectsACredentialForAnotherCollection() public {
        bytes memory credential = aCredential();
        ITransferPolicy.Sale memory sale = aSale();
        sale.token = makeAddr("shells");

        vm.expectRevert(invalid(carol, sale.token));
        policy.admits(sale, credential);
    }

    function test_admits_rejectsACredentialForAnotherPolicy() public {
        bytes memory credential = aCredential();
        CredentialPolicy other = aPolicy();

        vm.expectRevert(invalid(carol, herons));
        other.admits(aSale(), credential);
    }

    function test_admits_rejectsACredentialForTheSamePolicyOnAnotherChain() public {
        bytes memory credential = aCredential();
        vm.chainId(31338);

        vm.expectRevert(invalid(carol, herons));
        policy.admits(aSale(), credential);
    }

    function test_admits_rejectsALaterExpiryThanWasSigned() public {
        bytes memory credential = encode(issuer, EXPIRY + 1, signature(carol, herons, EXPIRY));

        vm.expectRevert(invalid(carol, herons));
        policy.admits(aSale(), credential);
    }

    function test_admits_rejectsTheOtherFormOfASignature() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, policy.digestOf(carol, herons, EXPIRY));
        bytes memory malleable = abi.encodePacked(r, bytes32(ORDER - uint256(s)), uint8(v == 27 ? 28 : 27));

        vm.expectRevert(invalid(carol, herons));
        policy.admits(aSale(), encode(issuer, EXPIRY, malleable));
    }

    function testFuzz_admits_rejectsEveryOtherSignature(uint256 place, uint8 flip) public {
        bytes memory forged = signature(carol, herons, EXPIRY);
        place = place % forged.length;
        flip = uint8(bound(flip, 1, 255));
        forged[place] = bytes1(uint8(forged[place]) ^ flip);

        vm.expectRevert(invalid(carol, herons));
        policy.admits(aSale(), encode(issuer, EXPIRY, forged));
    }

    function testFuzz_admits_rejectsWhatIsNoCredential(bytes calldata nonsense) public {
        vm.expectRevert();
        policy.admits(aSale(), nonsense);
    }

    function test_admits_rejectsAnIssuerThatIsNotTrustedAnyMore() public {
        bytes memory credential = aCredential();
        vm.expectEmit(address(policy));
        emit ICredentialPolicy.IssuerSet(issuer, false);
        vm.prank(governance);
        policy.setIssuer(issuer, false);
        assertFalse(policy.isIssuer(issuer));

        vm.expectRevert(abi.encodeWithSelector(ICredentialPolicy.IssuerUnknown.selector, issuer));
        policy.admits(aSale(), credential);
    }

    /// @dev What a signature that cannot be recovered seems to be from.
    function test_admits_rejectsASignatureOfNobody() public {
        vm.prank(governance);
        policy.setIssuer(address(0), true);

        vm.expectRevert(
            abi.encodeWithSelector(ICredentialPolicy.CredentialInvalid.selector, address(0), carol, herons)
        );
        policy.admits(aSale(), encode(address(0), EXPIRY, new bytes(65)));
    }

    function test_nobodyElseSaysWhoIssues() public {
        vm.expectRevert(
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(this))
        );
        policy.setIssuer(bob, true);
    }
}
