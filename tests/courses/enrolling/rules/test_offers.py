"""Who is asked, how long a seat is held, and how a queue is put in order."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.dates.calendar import HELSINKI
from courses.enrolling.rules.offers import OfferPlan, Waiting, offer_times, plan_offers


def helsinki(*parts):
    return datetime(*parts, tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("at", "starts_at", "expires_at", "by_call"),
    [
        # A Tuesday morning: 72 h, 48 h under seven days, a call under three.
        (helsinki(2027, 1, 12, 10), helsinki(2027, 1, 19, 10), helsinki(2027, 1, 15, 10), False),
        (helsinki(2027, 1, 12, 10), helsinki(2027, 1, 19, 9, 59), helsinki(2027, 1, 14, 10), False),
        (helsinki(2027, 1, 12, 10), helsinki(2027, 1, 15, 10), helsinki(2027, 1, 14, 10), False),
        (helsinki(2027, 1, 12, 10), helsinki(2027, 1, 15, 9, 59), helsinki(2027, 1, 13, 10), True),
        # Never beyond the first session.
        (helsinki(2027, 1, 12, 10), helsinki(2027, 1, 12, 17), helsinki(2027, 1, 12, 17), True),
        # After the start, one day.
        (helsinki(2027, 1, 12, 10), helsinki(2027, 1, 4, 10), helsinki(2027, 1, 13, 10), True),
        # A Friday evening: nobody is told before Monday, so the time begins then.
        (helsinki(2027, 1, 15, 18), helsinki(2027, 2, 9, 10), helsinki(2027, 1, 21, 9), False),
        # Over the change of clocks on 28 March 2027 the hour that was told stays.
        (helsinki(2027, 3, 26, 9), helsinki(2027, 4, 20, 10), helsinki(2027, 4, 2, 9), False),
    ],
)
def test_how_long_a_seat_is_held(at, starts_at, expires_at, by_call):
    times = offer_times(at=at, starts_at=starts_at)

    assert (times.expires_at, times.by_call) == (expires_at, by_call)


def singles(*pks):
    return [Waiting(pk) for pk in pks]


@pytest.mark.parametrize(
    ("waiting", "free", "plan"),
    [
        (singles(1, 2, 3), 2, OfferPlan([1, 2], left=0)),
        (singles(1), 3, OfferPlan([1], left=2)),
        ([], 2, OfferPlan([], left=2)),
        # A pair is asked when both fit.
        ([Waiting(1, party=9), Waiting(2, party=9), Waiting(3)], 3, OfferPlan([1, 2, 3], left=0)),
        # One seat for two: it is held back, and those behind wait.
        ([Waiting(1, party=9), Waiting(2, party=9), Waiting(3)], 1, OfferPlan([], holding=9)),
        # Held for a whole offer time: now those behind are asked.
        ([Waiting(1, 9, True), Waiting(2, 9, True), Waiting(3)], 1, OfferPlan([3], left=0)),
        # Nobody behind: the seat is for whoever comes.
        ([Waiting(1, 9, True), Waiting(2, 9, True)], 1, OfferPlan([], left=1)),
        # More than the whole group holds: nothing is held back for them.
        ([Waiting(number, 9) for number in range(5)] + [Waiting(7)], 1, OfferPlan([7], left=0)),
        # A pair that stands apart in the list counts at the place of its first.
        ([Waiting(1, party=9), Waiting(3), Waiting(2, party=9)], 2, OfferPlan([1, 2], left=0)),
    ],
)
def test_who_is_asked(waiting, free, plan):
    assert plan_offers(waiting, free=free, capacity=4) == plan


@given(
    sizes=st.lists(st.integers(1, 4), max_size=12),
    free=st.integers(0, 10),
    held=st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_never_more_offers_than_seats_and_parties_whole(sizes, free, held):
    waiting, pk = [], 0
    for party, size in enumerate(sizes):
        for _member in range(size):
            pk += 1
            waiting.append(Waiting(pk, party if size > 1 else None, held[party] and size > 1))

    plan = plan_offers(waiting, free=free, capacity=10)

    assert len(plan.offered) + plan.left <= free
    for party in range(len(sizes)):
        members = [one.pk for one in waiting if one.party == party]
        assert len(set(members) & set(plan.offered)) in (0, len(members))
    assert plan.offered == sorted(plan.offered)
    if plan.holding is None and plan.left == 0 and free:
        assert len(plan.offered) == free


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda moment: moment.replace(tzinfo=HELSINKI)),
    days=st.integers(8, 60),
)
def test_an_offer_ends_at_an_hour_at_which_somebody_can_answer(at, days):
    times = offer_times(at=at, starts_at=at + timedelta(days=days))

    assert timedelta(hours=71) <= times.expires_at - at
    assert 9 <= times.expires_at.astimezone(HELSINKI).hour < 17
