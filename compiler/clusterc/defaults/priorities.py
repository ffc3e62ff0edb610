"""The ladder of priorities, where a spec has none of its own: who borrows gives way to whose quota it is."""

from __future__ import annotations

from clusterc.spec.cluster import Body

# Between balloons and system components, with room to insert: name, value, who uses it.
LADDER = (
    ("borrowed", 100, "Jobs on what other teams leave idle; they give way to the owners."),
    ("batch", 1_000, "Ordinary jobs of a team on its own guarantee."),
    ("interactive", 10_000, "Jobs that a person waits for."),
    ("preflight", 100_000, "Tests of machines; nothing may displace them."),
)
BALLOON = "balloon"
# The lowest that the cluster autoscaler still sees.
BALLOON_PRIORITY = -10


def balloon_priority(body: Body) -> int:
    """Return the priority of balloons."""
    said = body.balloons.priority
    return BALLOON_PRIORITY if said is None else said
