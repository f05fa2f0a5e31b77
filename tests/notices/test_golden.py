"""Every mail of the product as a reviewer reads it: ``make mails`` writes them anew after a change of words."""

from pathlib import Path

import pytest

from cpts_net import wiring
from tests.notices.drawing import as_read, digest_of, mails_of, page

GOLDEN = Path(__file__).parent / "golden"
DIGEST = "notices.digest"
MAILED = [kind for kind in wiring.NOTICE_KINDS if kind.is_mailed]
NAMES = {each.name for each in (*MAILED, *wiring.LINK_MAILS)}


def test_every_mail_reads_as_it_was_reviewed(app, make, request):
    drawn = {}
    for kind, message in {**mails_of(app, make), DIGEST: digest_of(app)}.items():
        drawn |= {f"{kind}.txt": as_read(message), f"{kind}.html": page(message)}
    assert {name.rpartition(".")[0] for name in drawn} == {*NAMES, DIGEST}
    if request.config.getoption("--rewrite-mails"):
        rewrite(drawn)

    kept = {path.name: path.read_text(encoding="utf-8") for path in GOLDEN.iterdir()}
    assert sorted(kept) == sorted(drawn)
    assert [name for name, text in drawn.items() if kept[name] != text] == []


def rewrite(drawn: dict[str, str]) -> None:
    for old in GOLDEN.iterdir():
        old.unlink()
    for name, text in drawn.items():
        (GOLDEN / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("old", ["body.txt", "body.html"])
def test_no_mail_has_a_second_source(old):
    assert list((Path(__file__).parent.parent.parent / "templates").glob(f"**/{old}")) == []
