"""How the push process is measured, when tests are: on greenlets, unlike all others."""

import os

from coverage.config import CoverageConfig

MEASURED_BY = "COVERAGE_PROCESS_CONFIG"


def measured_on_greenlets() -> dict[str, str]:
    """What its environment says of it beside our own; nothing where nothing is measured."""
    if MEASURED_BY not in os.environ:
        return {}
    config = CoverageConfig.deserialize(os.environ[MEASURED_BY])
    config.concurrency = ["thread", "gevent"]
    return {MEASURED_BY: config.serialize()}
