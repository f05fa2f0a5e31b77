from functools import partial

from sqlalchemy import func, select

from cpts_net import clock
from cpts_net.groups import actions, queries, rules
from cpts_net.groups.models import Group, Membership
from cpts_net.storage.connections import db
from tests.racing import at_once


def test_of_two_leads_who_leave_at_once_one_stays(app, make, anne, ines):
    group = make.group("À deux", leads=[anne, ines])
    leave = [partial(actions.remove_member, group.id, who.id, actor_id=None, now=clock.now()) for who in (anne, ines)]

    results = at_once(app, *leave)

    assert sorted(type(result) for result in results if result) == [rules.LastLeadLeaves]
    with app.app_context():
        assert len(queries.lead_ids(group.id)) == 1


def test_somebody_brought_in_by_two_at_once_is_in_the_group_once(app, make, group, luc):
    join = partial(actions.add_member, group.id, luc.id, actor_id=None, now=clock.now())

    results = at_once(app, join, join, join)

    assert results == [None, None, None]
    with app.app_context():
        count = select(func.count()).where(
            Membership.group_id == group.id, Membership.person_id == luc.id, queries.live()
        )
        assert db.session.scalar(count) == 1


def test_of_two_groups_opened_at_once_under_one_name_one_exists(app, make, anne):
    create = partial(
        actions.create_group, "Diabète", "", is_private=False, lead_ids=[anne.id], actor_id=None, now=clock.now()
    )

    results = at_once(app, create, create)

    assert sorted(isinstance(result, rules.NameTaken) for result in results) == [False, True]
    with app.app_context():
        assert len(db.session.scalars(select(Group)).all()) == 1
