"""Who may look at analyses: who supervises, heads a unit, owns a process or audits; each counts what they may see."""

from web.analysis import behind, diagram, log, page  # noqa: F401  its routes hang on the same desk
from web.analysis.blueprint import desk
from web.door.rights import Desk, Place, Route
from web.words.catalogue import N_

READERS = frozenset(
    {
        "supervisor",
        "prov_division_head",
        "prov_leader",
        "process_owner",
        "auditor",
        "city_section_head",
        "city_leader",
    }
)

DESK = Desk(
    blueprint=desk,
    routes=(
        Route("analysis.page", "GET", READERS),
        Route("analysis.stages_file", "GET", READERS),
        Route("analysis.diagram", "GET", READERS),
        Route("analysis.drawing", "GET", READERS),
        Route("analysis.drawing_names", "GET", READERS),
        Route("analysis.behind", "GET", READERS),
        Route("analysis.behind_file", "GET", READERS),
        Route("analysis.log", "GET", READERS),
    ),
    places=(Place("analysis.page", N_("流程分析"), 39),),
)
