import pytest

from cpts_net.directory.agreement import agreed


@pytest.mark.parametrize(
    ("civility", "said"), [("MME", "absente"), ("MLLE", "absente"), ("M", "absent"), ("", "absent"), ("DR", "absent")]
)
def test_what_is_said_agrees_with_a_woman_alone(civility, said):
    assert agreed(civility, "absent", "absente") == said
