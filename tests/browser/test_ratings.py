"""A rating period in a real browser: a reply with its file, answered by another person than the rater,
published by a third, appealed against, and a second version made; whoever is the wrong person reads
why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlmodel import col, select

from models.actions.rating_replies import appeal, reply
from models.clock import now_utc, standing_at
from models.database import session
from models.queries.verification import verify
from models.rules.rating.period_life import PeriodState
from models.rules.rating.signals import Component
from models.rules.roles import Role
from models.tables.ratings import RatingPeriod, RatingResult
from tests.browser.motions import hacked, press, told
from tests.browser.zone import Zone, running
from tests.league import LETTER, PAST_MONTH, rate_in
from tests.world import later

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
NAUGHTY = "有一件<script>window.hacked=1</script>**已取得证书**"
PERIOD = f"/ratings?period={PAST_MONTH}"


def versions(zone: Zone) -> list[int]:
    """The published versions of the first agency's result."""
    with session(zone.world.engine) as current:
        statement = (
            select(RatingResult.number)
            .join(RatingPeriod, col(RatingPeriod.id) == RatingResult.period_id)
            .where(
                RatingPeriod.last_month == PAST_MONTH,
                RatingResult.agency_id == zone.world.agency_id,
                col(RatingResult.is_published),
            )
            .order_by(col(RatingResult.number))
        )
        return list(current.exec(statement).all())


def answer(page: Page, one: int, words: str) -> None:
    """Uphold a reply with one more good case, and say why."""
    press(page, f".st-key-answer_rating_{one} button")
    press(page, f".st-key-rating_to_{one} [role=radio]", "予以采纳")
    for key in ("cases", "good"):
        with running(page):
            field = page.locator(f".st-key-rating_{key}_{one} input")
            field.fill("1")
            field.press("Tab")
    with running(page):
        field = page.locator(f".st-key-rating_answer_{one} textarea")
        field.fill(words)
        field.press("Tab")
    press(page, f".st-key-rating_answered_{one} button")


def test_a_rating_is_replied_to_published_and_appealed_against(zone: Zone, visit: Visit) -> None:
    world = zone.world
    rate_in(world, PeriodState.reply)
    with standing_at(now_utc()), later(days=-28), zone.writing() as current:
        one = reply(current, world.people["agency"], PAST_MONTH, Component.outcome, NAUGHTY, LETTER)
    # whoever computed the preview reads that another person answers
    rater = visit("reviewer", f"{PERIOD}&view=replies")
    told(rater, "须由另一人办理")
    assert not rater.locator(f".st-key-answer_rating_{one} button").count()
    answerer = visit("reviewer2", f"{PERIOD}&view=replies")
    told(answerer, NAUGHTY)
    link = answerer.get_by_role("link", name="说明.pdf").get_attribute("href") or ""
    assert answerer.request.get(zone.address + link).body() == LETTER[0][1]
    assert visit("agency2", "/").request.get(zone.address + link).status == 404
    press(answerer, f".st-key-answer_rating_{one} button")
    press(answerer, f".st-key-rating_to_{one} [role=radio]", "予以采纳")
    press(answerer, f".st-key-rating_answered_{one} button")
    told(answerer, "请写明理由")
    answerer.keyboard.press("Escape")
    answerer.reload()
    told(answerer, "待答复")
    answer(answerer, one, "经核实属实")
    told(answerer, "已答复")
    told(answerer, "更正：件数 +1，其中好的 +1")
    assert not hacked(answerer)

    # the days to reply are over: the rater begins the review, and may not publish
    rater = visit("reviewer", PERIOD)
    press(rater, ".st-key-begin_review button")
    told(rater, "已转入复核")
    told(rater, "“联盟负责人”办理")
    assert not rater.locator(".st-key-publish_ratings button").count()
    lead = visit("lead", PERIOD)
    press(lead, ".st-key-publish_ratings button")
    told(lead, "公布后不能撤回")
    press(lead, ".st-key-ratings_published button")
    told(lead, "考评结果已公布")
    assert versions(zone) == [1]

    # an appeal: whoever answered the agency, published or rated does not answer it
    with zone.writing() as current:
        two = appeal(
            current, world.people["agency"], PAST_MONTH, Component.first_pass, "仍有一件", LETTER
        )
    card = f"{PERIOD}&agency={world.agency_id}"
    for who, step in (("reviewer2", "答复申辩"), ("lead", "公布考评结果")):
        page = visit(who, card)
        told(page, f"您已在本期“{step}”")
        assert not page.locator(f".st-key-answer_rating_{two} button").count()
    third = visit(zone.newcomer("reviewer7", Role.alliance_reviewer), card)
    answer(third, two, "经查附件已上传")
    told(third, "第 2 版")
    expect(third.locator(".st-key-rating_versions")).to_contain_text("第 1 版")
    assert versions(zone) == [1, 2]
    with session(world.engine) as current:
        assert verify(current).is_sound
