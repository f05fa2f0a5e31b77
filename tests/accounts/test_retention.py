from datetime import timedelta

from cpts_net.accounts import retention
from cpts_net.audit.models import AuditEntry
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW


def test_forget_deletes_the_trail_after_a_year(app, make, rows):
    for age in (366, 364):
        make.save(AuditEntry(at=NOW - timedelta(days=age), action=f"old.{age}"))

    with app.app_context(), transaction():
        retention.forget(NOW)

    assert [entry.action for entry in rows(AuditEntry)] == ["old.364"]
