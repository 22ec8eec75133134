"""A run's ledger: what its budget allows, less what it paid before."""

from decimal import Decimal
from math import nextafter
from uuid import uuid4

from elige.evaluate.budget import Ledger, Spent
from elige.workbench.bench import Workbench
from elige.workbench.prepare import Plan

# Under this name the store keeps what killed processes may owe.
_AT_RISK = "usd_at_risk"


def open_ledger(bench: Workbench, plan: Plan) -> Ledger:
    """The ledger of a run: what it paid in earlier processes counts, also if they were killed."""
    budget = plan.budget
    if not budget.limits():
        return Ledger()
    bills = bench.store.bills(plan.run)
    asked = {one.hash for one in plan.entrants}
    risks = [one.value for one in bench.store.measures(plan.run) if one.name == _AT_RISK]
    before = Spent(
        evaluations=sum(bill.count for key, bill in bills.items() if key in asked),
        usd=sum((bill.usd for bill in bills.values()), Decimal(0)),
        usd_at_risk=sum((Decimal(str(risk)) for risk in risks), Decimal(0)),
    )
    process = uuid4().hex

    def keep(owed: Decimal) -> None:
        risk = nextafter(float(owed), float("inf")) if owed else 0.0
        bench.store.save_measure(plan.run, process, _AT_RISK, risk, "")

    return Ledger(budget, before=before, keep=keep)
