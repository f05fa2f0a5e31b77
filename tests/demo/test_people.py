"""Making many people out of 226."""

from random import Random

import pytest
from stdnum import luhn

from cpts_net.demo.people import EXTRACT, InventedPerson, enlarged, mail_addresses


@pytest.fixture(scope="module")
def extract():
    return EXTRACT.read_text(encoding="utf-8").splitlines(keepends=True)


def person(rpps, given_name, family_name):
    return InventedPerson(rpps, given_name, family_name, "10", "SM54", "Brou", False, f"Dr {given_name} {family_name}")


def test_enlarged_leaves_the_extract_as_it_is_when_it_is_enough(extract):
    assert enlarged(extract, 226, Random(1)) == extract


def test_enlarged_adds_people_with_good_numbers_of_their_own(extract):
    lines = [line.split("|") for line in enlarged(extract, 1000, Random(1))[1:]]
    numbers = {line[1] for line in lines}

    assert len(numbers) == 1000
    assert all(luhn.is_valid(number) for number in numbers)
    assert {len(line) for line in lines} == {57}


def test_addresses_tell_namesakes_apart():
    people = [person("1", "Anne-Laure", "Le Goff"), person("2", "Anne-Laure", "Le Goff"), person("3", "Zoé", "Bénard")]

    assert list(mail_addresses(people).values()) == [
        "anne-laure.le-goff@cpts-dunois.example",
        "anne-laure.le-goff2@cpts-dunois.example",
        "zoe.benard@cpts-dunois.example",
    ]
