import pytest

from cpts_net.directory import queries
from cpts_net.directory.practices import professions

pytestmark = pytest.mark.usefixtures("context")


def test_member_comes_with_what_pages_show(make):
    anne = make.person("Anne", "Petit", specialty="SM54", commune="Brou")

    found = queries.person(anne.id)

    assert found is not None
    assert (found.profession.label, found.specialty.label) == ("Médecin", "Médecine générale")
    assert [site.commune for site in found.places] == ["Brou"]


def test_member_who_does_not_exist_is_none(make):
    assert queries.person(make.person().id + 1) is None


def test_members_are_those_that_exist_by_id(make):
    anne, ines = make.person(), make.person("Inès", "Boyer", profession="60")

    found = queries.members([anne.id, ines.id, ines.id + 1])

    assert {key: one.family_name for key, one in found.items()} == {anne.id: "Petit", ines.id: "Boyer"}
    assert found[ines.id].profession.label == "Infirmier"
    assert [site.phone for site in found[anne.id].places] == ["+33261910001"]
    assert queries.members([]) == {}


def test_professions_are_those_in_use_in_french_order(make):
    make.person(profession="50")
    make.person(profession="10")
    make.person(profession="10")
    make.profession("21")

    assert [profession.label for profession in professions()] == ["Médecin", "Sage-femme"]


def test_communes_are_those_in_use_in_french_order(make):
    for commune in ("Yèvres", "Écrosnes", "Brou", "Brou", ""):
        make.person(commune=commune)

    assert queries.communes() == ["Brou", "Écrosnes", "Yèvres"]
