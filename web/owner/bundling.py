"""A process as one signed file: taken out from any version, brought in as a draft, with a word on who has signed it."""

import hashlib
from io import BytesIO

from flask import Response, make_response, render_template, request
from werkzeug.wrappers import Response as Answer

from engine import definitions
from engine.definitions import bundles, drafts
from ground import clock
from ground.database import reading, transaction
from ground.errors import Missing, Refused
from web.door import outgoing, session
from web.door.rights import Route
from web.owner import drafting
from web.owner.blueprint import desk
from web.words.catalogue import N_

BUNDLE_BYTES = 5_000_000
SIGNED = {
    bundles.OURS: (N_("由本系统签名，内容未改动"), "green"),
    bundles.OTHERS: (N_("由其他系统签名，内容未改动，请核对签名方"), "amber"),
    bundles.UNSIGNED: (N_("没有签名"), "amber"),
}


@desk.get("/processes/<key>/versions/<int:number>/bundle.zip")
def bundle(key: str, number: int) -> Response:
    """One version as a file: unpacked below workflows/ it is a shipped folder."""
    drafts.may(session.actor())
    with reading() as store:
        found = next((each for each in definitions.versions(store, key) if each.number == number), None)
        if found is None:
            raise Missing(process=key, version=number)
        body = bundles.pack(key, number, definitions.folder(store, found.id).parts, found.published_at or clock.now())
    return outgoing.file(BytesIO(body), f"{key}-{number}.zip", hashlib.sha256(body).hexdigest(), kept=False)


@desk.get("/processes/bundle")
def bring_in() -> str:
    """The way in for a bundle."""
    return render_template("owner/pages/bundle.html", no=None)


@desk.post("/processes/bundle")
def take_in() -> Answer:
    """Lay what a bundle brings as the draft of its process, and say who has signed it."""
    file, by = request.files.get("file"), session.actor()
    try:
        found = bundles.unpack(file.read() if file is not None else b"")
        with transaction() as store:
            drafts.lay(store, found.key, found.parts, by=by, now=clock.now())
    except Refused as no:
        drafts.may(by)
        return make_response(render_template("owner/pages/bundle.html", no=no), no.status)
    with reading() as store:
        working = drafts.look(store, found.key, by)
        checked = drafting.checked(store, working)
        known = any(row.key == found.key for row in definitions.processes(store))
    page = render_template(
        "owner/pages/bundled.html",
        found=found,
        facts=drafting.facts_of(working),
        signed=SIGNED[found.signed],
        checked=checked,
        known=known,
    )
    return make_response(page)


CODES = {
    "bundle.wrong": N_(
        "这个文件不是流程包，或者打包后被改动过（%(reason)s）。请用“下载流程包”得到的文件，或者流程文件夹的 zip。"
    ),
}

ROUTES = (
    Route("owner.bundle", "GET", drafting.OWNERS),
    Route("owner.bring_in", "GET", drafting.OWNERS),
    Route("owner.take_in", "POST", drafting.OWNERS, body=BUNDLE_BYTES),
)
