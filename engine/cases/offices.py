"""Which offices know of a case by themselves, without being asked by name: the province all, others what is theirs."""

from ground.people import Actor

# Whoever works at the province sees every case; a city its own region, a county its own, a base its own.
PROVINCE_SEES = frozenset(
    {
        "prov_officer",
        "prov_checker",
        "prov_division_head",
        "prov_office",
        "prov_leader",
        "legal",
        "visit_team",
        "fair_trade",
        "meeting_secretary",
        "supervisor",
        "auditor",
    }
)
CITY_SEES = frozenset({"city_officer", "city_section_head", "city_leader"})


def knows(by: Actor, region: str, organ: int) -> bool:
    """Whether one of this person's roles shows them a case of this region and organ; the same as `sight.visible`."""
    return any(
        (held.role in PROVINCE_SEES and held.organ_kind == "province")
        or (held.role in CITY_SEES and region.startswith(held.region[:4]))
        or (held.role == "base_authority" and region == held.region)
        or (held.role == "base_filler" and organ == held.organ_id)
        for held in by.held
    )
