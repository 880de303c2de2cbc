"""The phases of a case and which may follow which (DGCC case management; design: domain, The process)."""

from app.domain.errors import PhaseError

NEXT_PHASES: dict[str, tuple[str, ...]] = {
    "access": ("clearing",),
    "clearing": ("assessment",),
    "assessment": ("planning",),
    "planning": ("linking",),
    "linking": ("monitoring",),
    "monitoring": ("assessment", "handed_over"),
    "closed": ("monitoring",),
    "handed_over": ("monitoring",),
}
"""Every phase may go to closed besides, at the client's word."""


def may_follow(phase: str, target: str) -> bool:
    """Tell whether `target` follows `phase` without skipping a phase."""
    return target in {phase, "closed", *NEXT_PHASES[phase]}


def check_phase(phase: str, target: str, reason: str) -> None:
    """Raise PhaseError when a phase is skipped without a reason: it may be done, never silently."""
    if not may_follow(phase, target) and not reason.strip():
        raise PhaseError(phase=phase, target=target)
