"""No test is written and never run."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
MODULES = sorted(TESTS.glob("**/*.py"))
WORDS = re.compile(r"\w+")


def is_hook_or_fixture(function: ast.FunctionDef) -> bool:
    decorators = " ".join(ast.unparse(decorator) for decorator in function.decorator_list)
    keepers = ("fixture", "composite", "happens")  # Whatever they decorate is called by somebody else.
    return function.name.startswith("pytest_") or any(keeper in decorators for keeper in keepers)


def test_every_function_is_a_test_a_fixture_or_used():
    texts = {path: path.read_text(encoding="utf-8") for path in MODULES}
    words = [word for text in texts.values() for word in WORDS.findall(text)]
    lost = [
        f"{path.name}:{node.lineno} {node.name}"
        for path, text in texts.items()
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
        and not (path.name.startswith("test_") and node.name.startswith("test"))
        and not is_hook_or_fixture(node)
        and words.count(node.name) < 2
    ]

    assert lost == []


def test_every_file_with_tests_is_collected():
    strays = [
        path.name
        for path in MODULES
        if not path.name.startswith("test_") and re.search(r"^\s*def test_", path.read_text("utf-8"), re.MULTILINE)
    ]

    assert strays == []


def test_no_test_has_the_name_of_another_in_its_file():
    doubled = []
    for path in MODULES:
        names = [node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if hasattr(node, "name")]
        doubled += [f"{path.name} {name}" for name in set(names) if names.count(name) > 1]

    assert doubled == []
