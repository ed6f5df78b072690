"""The rules as people change them: parameters, the calendar, policy versions, organs; who may, and what it moves."""

from datetime import date, timedelta

import orjson

from bases import demo
from engine import cases
from ground import clock, organs, people
from ground.database import reading
from tests.web import support

OWNER, HEAD = "qin.lan", "ma.jun"
TODAY = date(2026, 11, 23)
NOTICE_2026 = """国务院办公厅关于2026年部分节假日安排的通知
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。"""
# Days as the notice of 2027 might fix them: of its kind, and made up here.
SPANS_2027 = {
    "元旦": ("01-01", "01-03"),
    "春节": ("02-05", "02-11"),
    "清明节": ("04-03", "04-05"),
    "劳动节": ("05-01", "05-05"),
    "端午节": ("06-09", "06-09"),
    "中秋节": ("09-15", "09-15"),
    "国庆节": ("10-01", "10-07"),
}
MAKE_UP_2027 = {"元旦": "01-10", "春节": "01-31"}


def notice_2027(**more: str) -> str:
    days = []
    for name, (first, last) in (SPANS_2027 | more).items():
        day, end = date.fromisoformat(f"2027-{first}"), date.fromisoformat(f"2027-{last}")
        while day <= end:
            days.append({"name": name, "date": str(day), "isOffDay": True})
            day += timedelta(days=1)
    days += [{"name": name, "date": f"2027-{on}", "isOffDay": False} for name, on in MAKE_UP_2027.items()]
    return orjson.dumps({"year": 2027, "papers": ["https://www.gov.cn/2027"], "days": days}).decode()


def actor(session, login):
    return people.actor(session, people.account(session, login).id, clock.today())


def client_of(office, login):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def post(client, path, **data):
    return client.post(path, data={"csrf": support.token_of(client), **data})


def started(key="B045", name="base"):
    """A designation case, whose first task is due in twenty working days."""
    with reading() as session:
        from_base = demo.applicant(session, key)
    return from_base


def begun(process="document", **more):
    """A case of a process whose first task has a deadline."""
    with reading() as session:
        body = organs.body(session, "sc-mofcom")
        officer = actor(session, "chen.jing")
    return cases.start(
        process, subject="document:x", region=body.region, organ=body.id, title="试", by=officer, key="x", **more
    )
