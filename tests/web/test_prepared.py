"""Questions that are put into words once: what is given anew, what is not shared, and what comes back."""

from __future__ import annotations

import pytest
from attrs import evolve
from django.db.models import Count, F

from sivuvirta.web.accounts.viewer import VISITOR
from sivuvirta.web.core.levels import Level
from sivuvirta.web.core.prepared import KEY, KEYS, NUMBER, Among, asked, objects
from sivuvirta.web.registry.models import model

pytestmark = pytest.mark.django_db
STREAMS = model("streams").objects
MEMBER = evolve(VISITOR, floor=Level.MEMBERS)


def named(register, viewer):
    return STREAMS.filter(Among("row_key"), register=register).restrict(viewer).order_by("row_key").values_list("row_key", "circles")


def whole(register):
    return STREAMS.filter(register=register, row_key=KEY).annotate(again=F("version"))


def test_keys_are_given_anew_and_words_are_made_once(register, django_assert_num_queries):
    made = []

    def make(at):
        made.append(at)
        return named(at, MEMBER)

    first, second, *_ = STREAMS.filter(register=register, circle__gte=Level.MEMBERS).order_by("row_key").values_list("row_key", flat=True)
    with django_assert_num_queries(3):
        found = [[key for key, _ in asked(make, register.pk, given={KEYS: keys})] for keys in ([first], {first: 1, second: 2}, ())]
    assert found == [[first], [first, second], []]
    assert made == [register.pk]


def test_viewers_of_other_eyes_share_no_question(register):
    row = STREAMS.filter(register=register).first()
    row.circle = Level.MEMBERS
    row.save()
    seen = [bool(asked(named, register.pk, who, given={KEYS: [row.row_key]})) for who in (MEMBER, VISITOR, MEMBER)]
    assert seen == [True, False, True]


def test_values_come_as_fields_hold_them_and_objects_with_what_was_asked_beside(register):
    row = STREAMS.filter(register=register).first()
    row.circles = {"moisture": 1}
    row.save()
    ((_, circles),) = asked(named, register.pk, evolve(MEMBER, floor=Level.PRIVATE), given={KEYS: [row.row_key]})
    (found,) = objects(whole, register.pk, given={KEY: row.row_key})
    assert (circles, found.circles) == ({"moisture": 1}, {"moisture": 1})
    assert (found, found.again, found.name) == (row, row.version, row.name)
    assert not found.get_deferred_fields()


def test_a_key_is_a_value_whatever_it_says(register):
    assert asked(named, register.pk, MEMBER, given={KEYS: ["' OR 1=1 --", "%s", '"]']}) == []


def test_a_question_without_an_answer_asks_nothing(register, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert asked(lambda at: STREAMS.filter(pk__in=(), register=at).values_list("pk"), register.pk) == []


def test_a_number_is_given(register):
    def count(at):
        return STREAMS.filter(register=at, pk=NUMBER).order_by().values("register").annotate(n=Count("pk")).values_list("n", flat=True)

    row = STREAMS.filter(register=register).first()
    assert [list(map(tuple, asked(count, register.pk, given={NUMBER: pk}))) for pk in (row.pk, -1)] == [[(1,)], []]
