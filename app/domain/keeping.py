"""What keepers tell each other and everybody: proposed rosters, and parcels that a person let through."""

from app.domain.classes import RegisterClass
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, blob, reference, register, text

KI = RegisterClass.KI

ROSTER_PROPOSAL = REGISTRY.declare(
    RecordType(
        "RosterProposal",
        "Proposed list of members",
        "Proposed lists of members",
        (
            register(
                "proposal",
                "Proposal",
                KI,
                blob("proposed_roster", "Proposed list of members", required=True, generated=True),
                text("proposal_reason", "Reason"),
                before_gate=True,
            ),
        ),
        in_case=False,
        add_only=True,
    )
)

PROPOSAL_WITHDRAWAL = REGISTRY.declare(
    RecordType(
        "ProposalWithdrawal",
        "Withdrawn proposal",
        "Withdrawn proposals",
        (
            register(
                "withdrawn",
                "Withdrawn proposal",
                KI,
                reference("withdrawn", "Withdrawn proposal", "RosterProposal", required=True, generated=True),
                before_gate=True,
            ),
        ),
        in_case=False,
        add_only=True,
    )
)

PARCEL_RELEASE = REGISTRY.declare(
    RecordType(
        "ParcelRelease",
        "Released parcel",
        "Released parcels",
        (
            register(
                "release",
                "Release",
                KI,
                blob("released_parcel", "Released parcel", required=True, generated=True),
                text("release_reason", "Reason", required=True),
                before_gate=True,
            ),
        ),
        in_case=False,
        add_only=True,
    )
)
