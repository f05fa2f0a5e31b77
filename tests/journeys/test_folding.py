"""The script folds as the server does: what one finds, the other must not hide."""

import pytest

from cpts_net.folding import fold, name_words
from cpts_net.paths import ROOT

TEXTS = [
    *(
        "Cœur",
        "L’Hermite",
        "ÆSCHLIMANN",
        "Łukasz Ørsted",
        "STRAẞER",
        "straße",
        "Đỗ Thị",
        "GAE\u0308LLE",
        "ﬁn",
        "N'Diaye",
    ),
    *("Jean-Pierre  Lefèvre", "dr", "Dr Baron", "Mme le Pr", "ΟΔΥΣΣΕΥΣ", "I\u0307stanbul", "½ m²", "", "…"),
]


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.add_script_tag(path=ROOT / "static" / "folding.js")
    yield page
    page.close()


def test_the_script_folds_as_the_server_does(page):
    assert page.evaluate("texts => texts.map(folding.fold)", TEXTS) == [fold(text) for text in TEXTS]


def test_the_script_leaves_titles_out_as_the_server_does(page):
    found = page.evaluate("texts => texts.map(folding.words)", TEXTS)

    assert [[word for word in words if word] for words in found] == [name_words(text) for text in TEXTS]
