"""Who writes to a group reaches everybody in it, once each, and nobody who is not in it."""

import pytest

from cpts_net import clock
from cpts_net.groups import actions
from cpts_net.groups.models import Post
from cpts_net.notices import reading
from cpts_net.notices.kinds import kind_named
from cpts_net.notices.models import Notice
from cpts_net.notices.rules import When
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.telling import drawn_mails, told

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def paul(make):
    return make.person("Paul", "Roy")


@pytest.fixture
def group(make, anne, ines, paul):
    return make.group("Comité discret", leads=[anne], members=[ines], guests=[paul], is_private=True)


@pytest.fixture
def accounts(make, anne, ines, luc, paul):
    return {person.id: make.account(person) for person in (anne, ines, luc, paul)}


def write(group, author, accounts, body="Qui vient jeudi ?"):
    with transaction():
        actions.write_post(group.id, author.id, body, actor_id=accounts[author.id].id, now=clock.now())
    return db.session.query(Post).order_by(Post.id.desc()).first()


def test_everybody_in_it_is_told_but_who_wrote(group, accounts, anne, ines, paul):
    post = write(group, anne, accounts)

    assert told() == [("groups.posted", f"post:{post.id}", person.id) for person in (ines, paul)]


def test_the_mail_says_who_wrote_where_and_what(group, accounts, anne, ines):
    write(group, anne, accounts, "Qui vient\njeudi ?")

    first = drawn_mails()[0]

    assert first.to == accounts[ines.id].email
    assert first.subject == "Dr Anne Petit, groupe « Comité discret » : Qui vient jeudi ?"
    assert "> Qui vient\n> jeudi ?" in first.body
    assert f"/groupes/{group.id}#messages" in first.body


def test_the_same_form_sent_twice_tells_once(group, accounts, anne):
    write(group, anne, accounts)
    write(group, anne, accounts)

    assert len(told()) == 2


def test_who_left_reads_nothing_of_it_any_more(group, accounts, anne, ines):
    write(group, anne, accounts)
    with transaction():
        actions.remove_member(group.id, ines.id, actor_id=accounts[ines.id].id, now=clock.now())

    assert accounts[ines.id].email not in {mail.to for mail in drawn_mails()}
    theirs = db.session.query(Notice).filter_by(person_id=ines.id, kind="groups.posted").all()
    assert [(line.words, line.path) for line in reading.lines(theirs, clock.now())] == [("", "")]


def test_what_was_taken_back_is_not_sent(group, accounts, anne):
    post = write(group, anne, accounts)
    with transaction():
        actions.delete_post(post, actor_id=accounts[anne.id].id, now=clock.now())

    assert drawn_mails() == []


def test_the_name_of_a_private_group_is_not_written_down(group, accounts, anne):
    write(group, anne, accounts)

    assert "discret" not in repr([(each.subject, each.before, each.after) for each in db.session.query(Notice)])


def test_it_comes_once_a_day_unless_somebody_wants_it_otherwise():
    assert kind_named("groups.posted").default == When.DAILY
