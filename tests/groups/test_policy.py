"""What somebody may do in a group, by where they stand."""

import pytest

from cpts_net.groups.policy import Standing, alike, may_delete_post

IN, OUT = 5, 6


@pytest.mark.parametrize(
    ("standing", "author_id", "may"),
    [
        (Standing(IN, is_member=True, is_lead=False, is_staff=False), IN, True),
        (Standing(IN, is_member=True, is_lead=False, is_staff=False), OUT, False),
        # Who left: the message belongs to the thread that they are no longer in.
        (Standing(OUT, is_member=False, is_lead=False, is_staff=False), OUT, False),
        # An account that speaks for nobody is no author who is gone.
        (Standing(None, is_member=False, is_lead=False, is_staff=False), None, False),
        (Standing(IN, is_member=True, is_lead=True, is_staff=False), None, True),
        (Standing(None, is_member=False, is_lead=False, is_staff=True), OUT, True),
    ],
)
def test_a_message_is_deleted_by_who_wrote_it_and_is_still_there_or_who_looks_after_the_group(standing, author_id, may):
    assert may_delete_post(standing, author_id) is may


@pytest.mark.parametrize("is_member", [True, False])
@pytest.mark.parametrize("is_lead", [True, False])
@pytest.mark.parametrize("is_staff", [True, False])
@pytest.mark.parametrize("member_id", [IN, OUT, None])
def test_who_stands_alike_may_delete_the_same_messages(member_id, is_member, is_lead, is_staff):
    standing = Standing(member_id, is_member=is_member, is_lead=is_lead, is_staff=is_staff)
    author_ids = {IN, 7}

    same = alike(standing, author_ids)

    for author_id in author_ids:
        assert may_delete_post(same, author_id) is may_delete_post(standing, author_id)
