import ast
import re
from collections.abc import Iterator
from pathlib import Path

import cpts_net
from cpts_net.admin.wording import SAID, in_words

TELLERS = {"record", "_record", "tell", "_tell"}
SOURCES = Path(cpts_net.__file__).parent.rglob("*.py")


def told() -> Iterator[str]:
    """Every action that some code writes into the trail."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            name = getattr(getattr(node, "func", None), "id", getattr(getattr(node, "func", None), "attr", ""))
            if isinstance(node, ast.Call) and name in TELLERS:
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                yield from (text for text in texts if re.fullmatch(r"[a-z]+\.[a-z_]+", str(text)))


def test_everything_that_is_told_has_words(context):
    actions = set(told())

    assert "account.signed_in" in actions
    assert actions - SAID.keys() == set()


def test_in_words_falls_back_on_the_name(context):
    assert in_words("account.suspended") == "a suspendu un compte"
    assert in_words("something.new") == "something.new"
