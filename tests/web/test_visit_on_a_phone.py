"""The record of a site visit comes from the browser of a phone, with its photos (R-9.3)."""

from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from bases import register
from engine.waits import Wait
from ground import clock, files
from ground.database import reading, transaction
from tasks import queue
from tests.bases import moves
from tests.ground.papers import png
from tests.stories import test_site_visit as story
from tests.web import support


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.performs("R-9.3")
def test_r_9_3_photos_come_from_the_browser_of_a_phone(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with reading() as session:
        base = moves.base(session, "B042")
    walk = story.Walk("site_visit", register.subject(base.id), base.county)
    walk.do("chen.jing", story.PLAN)
    by, wait = walk.wait("sun.lei")
    with transaction() as session:
        queue.claim(session, wait.ref, by, clock.now())
    phone = support.browser(office)
    support.sign_in(phone, "sun.lei")
    rows = {
        f"present.{n}.{name}": value
        for n in (0, 1)
        for name, value in (("name", ("孙磊", "朱青")[n]), ("signed", "true"))
    }
    fields = {
        "visited_from": story.TODAY,
        "visited_to": story.TODAY,
        **story.CHECKED,
        **rows,
        "csrf": support.token_of(phone),
        "_key": "k",
    }
    pictures = {f"_files.{name}": FileStorage(BytesIO(png()), "IMG_0001.PNG") for name in ("sign_in", "photos")}
    boundary, body = encode_multipart(MultiDict({**fields, **pictures}))
    camera = 'accept="image/jpeg,image/png" capture="environment"'
    assert phone.get(f"/tasks/{wait.ref}").text.count(camera) == len(pictures)

    answer = phone.post(
        f"/tasks/{wait.ref}/completion", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )

    assert answer.status_code == 303
    with reading() as session:
        assert session.scalar(select(Wait.element).where(Wait.case_id == walk.row().id)) == "report"
