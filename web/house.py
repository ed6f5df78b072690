"""Opening the house: the database at its schema, the seeds, the shipped processes, the steps that diagrams may call."""

from collections.abc import Mapping
from datetime import date, datetime

import bases.cooperation.change_steps
import bases.cooperation.issue_steps
import bases.cooperation.meeting_steps
import bases.cooperation.supervision_forms
import bases.cooperation.supervision_steps
import bases.documents.checks
import bases.documents.paper_steps
import bases.documents.printing
import bases.documents.steps
import bases.filing.checks  # registers the form's checks and prefill
import bases.filing.duty_steps
import bases.filing.periodic
import bases.filing.remarks
import bases.filing.steps
import bases.filing.supplement_steps
import bases.filing.yearly  # registers what the calendar begins
import bases.filing.yearly_review_steps
import bases.measures.policy  # their jobs are handled by name
import bases.measures.succession
import bases.measures.workdays
import bases.register.ledgers.incident_steps
import bases.review.consultation
import bases.review.drafting
import bases.review.gate
import bases.review.steps
import bases.review.visit
import bases.verdicts.assessment_steps
import bases.verdicts.batch_steps
import bases.verdicts.campaign_steps
import bases.verdicts.commendation_steps
import bases.verdicts.drafting
import bases.verdicts.handling
import bases.verdicts.list_steps
import bases.verdicts.notice_steps
import bases.verdicts.objection_steps
import bases.verdicts.objector
import bases.verdicts.owed
import bases.verdicts.plaque_steps
import bases.verdicts.recommendation_steps
import bases.verdicts.rectification_steps
import bases.verdicts.revocation_steps
import bases.verdicts.standing_drafting
import bases.verdicts.steps
import tasks.letters
import tasks.posting
import tasks.pushes  # its job is handled by name
import tasks.reminders
from bases import demo
from bases.filing import template
from bases.verdicts import campaign
from engine import schema
from ground import channels, clock, database, files, ids, seed, signing
from ground.clock import local_day
from ground.database import Database, Session, transaction
from ground.settings import Settings
from tasks import demo_clock
from web import shipped, staging
from web.simulation import mark

STEPS = (
    bases.cooperation.change_steps,
    bases.cooperation.issue_steps,
    bases.cooperation.meeting_steps,
    bases.cooperation.supervision_forms,
    bases.cooperation.supervision_steps,
    bases.documents.checks,
    bases.documents.paper_steps,
    bases.documents.printing,
    bases.documents.steps,
    bases.filing.checks,
    bases.filing.remarks,
    bases.filing.duty_steps,
    bases.filing.periodic,
    bases.filing.steps,
    bases.filing.supplement_steps,
    bases.filing.yearly_review_steps,
    bases.filing.yearly,
    bases.register.ledgers.incident_steps,
    bases.review.admission,
    bases.review.drafting,
    bases.review.consultation,
    bases.review.gate,
    bases.review.steps,
    bases.review.visit,
    bases.verdicts.assessment_steps,
    bases.verdicts.batch_steps,
    bases.verdicts.campaign_steps,
    bases.verdicts.commendation_steps,
    bases.verdicts.drafting,
    bases.verdicts.handling,
    bases.verdicts.list_steps,
    bases.verdicts.notice_steps,
    bases.verdicts.objection_steps,
    bases.verdicts.objector,
    bases.verdicts.owed,
    bases.verdicts.plaque_steps,
    bases.verdicts.recommendation_steps,
    bases.verdicts.rectification_steps,
    bases.verdicts.revocation_steps,
    bases.verdicts.standing_drafting,
    bases.verdicts.steps,
    tasks.letters,
    tasks.posting,
    tasks.reminders,
)


def connect(settings: Settings) -> Database:
    """Open the store that the settings name, and make it the process's own."""
    settings.data.mkdir(parents=True, exist_ok=True)
    store = Database(settings.url)
    database.use(store)
    channels.use(channels.of(settings))
    signing.keep_in(settings.data)
    files.keep_in(settings.data / "files", settings.upload_mb << 20, settings.scanner)
    return store


def lay(settings: Settings, *, empty: bool = False) -> None:
    """Bring the schema up and lay what every house needs; the same again changes nothing."""
    mark.check(settings.data)
    store = connect(settings)
    schema.upgrade(store)
    if settings.mode == "demo":
        demo_clock.start()
        _lay_demo(clock.today(), empty=empty)
    with transaction() as session:
        seed.lay(session)
        template.lay(session, clock.today())
        shipped.publish(session, clock.now())
        campaign.expect(session, clock.today())


def _lay_demo(opens: date, *, empty: bool = False) -> None:
    """Lay the demo as it was some weeks before it opens, and play what its people have done since."""
    with transaction() as session:
        seed.lay(session)
    begins = clock.now() if empty or demo_clock.played() else staging.open_on(opens)
    with transaction() as session:
        shipped.publish(session, begins)
        demo.lay(session, begins)
        demo.lay_papers(session, begins)
        demo.lay_registers(session, begins)
        demo.stand_in(session)
    if empty:
        staging.skip(opens)
    staging.play(opens)
    demo_clock.open_doors()


def is_laid(store: Database) -> bool:
    """Whether anybody lives here; the schema is brought up to find out."""
    schema.upgrade(store)
    with database.reading() as session:
        return bool(demo.cards(session))


def lay_for_years(first: date, seed_of_refs: int) -> None:
    """Lay the demo's province as it stood on this day in an empty house, for it to live from then on.

    The draw of a panel goes by refs, so from here on they come from a seed.
    """
    ids.seed(seed_of_refs)
    begins = clock.start_of(first)
    before = clock.use(lambda: begins)
    try:
        with transaction() as session:
            _lay_story(session, begins)
    finally:
        clock.use(before)


def _lay_story(session: Session, begins: datetime) -> None:
    """The seeds, the processes, everybody and every base of the story, and what the first year begins by itself."""
    seed.lay(session)
    shipped.publish(session, begins)
    demo.lay(session, begins)
    demo.lay_papers(session, begins)
    demo.stand_in(session)
    template.lay(session, local_day(begins))
    campaign.expect(session, local_day(begins))


def ready(settings: Settings) -> None:
    """Open a house that is laid; refuses a schema that is not this program's, and years that were cut off."""
    mark.check(settings.data)
    connect(settings)
    with database.reading() as session:
        schema.check(session)
    if settings.mode == "demo":
        demo_clock.start()


def first_cards(session: Session, stories: Mapping[str, str] | None = None) -> list[str]:
    """The three cards that a newcomer should try first, as lines of the greeting; others with `stories` by login."""
    cards = demo.cards(session)
    told = stories or {card.login: card.story for card in cards if card.first}
    first = {card.login: card for card in reversed(cards)}
    named = {login: f"{first[login].name}（{first[login].role_name}，{first[login].organ_name}）" for login in told}
    return [f"{named[login]}：{story}" for login, story in told.items()]
