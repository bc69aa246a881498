"""Within how many hours what follows the work follows, by kind and category."""

from __future__ import annotations

from collections.abc import Sequence

from services.workorders.orders.domain.aftercare import STANDARD, Aftercare
from services.workorders.orders.domain.vocabulary import KINDS, Kind
from services.workorders.sla.domain.matching import is_category, most_particular
from shared.errors import Invalid

MOST_HOURS = 30 * 24


class AftercareGivenTwice(Invalid):
    """Two rules of what follows the work are for just the same orders."""


class AftercareRule(Aftercare, frozen=True, kw_only=True):
    """The hours for the orders that match; None in a field matches every order."""

    kind: Kind | None = None
    category: str | None = None


def aftercare(rules: Sequence[AftercareRule], *, kind: str, category: str) -> Aftercare:
    """By the most particular rule: category before kind; the usual hours where there is none."""
    found = most_particular(rules, kind=kind, category=category)
    if found is None:
        return STANDARD
    return Aftercare(**{name: getattr(found, name) for name in Aftercare.__struct_fields__})


def check(rules: Sequence[AftercareRule]) -> None:
    """Raises ``AftercareGivenTwice`` or ``Invalid``."""
    seen: set[tuple[str | None, str | None]] = set()
    for index, rule in enumerate(rules):
        name = f"aftercare.{index}"
        if rule.kind is not None and rule.kind not in KINDS:
            raise _invalid(f"{name}.kind", f"Choose one of: {', '.join(KINDS)}.")
        if rule.category is not None and not is_category(rule.kind, rule.category):
            raise _invalid(f"{name}.category", "There is no such category.")
        for field in Aftercare.__struct_fields__:
            if not 1 <= getattr(rule, field) <= MOST_HOURS:
                raise _invalid(f"{name}.{field}", f"Give 1 to {MOST_HOURS} hours.")
        if (rule.kind, rule.category) in seen:
            text = "Another rule is for the same orders."
            raise AftercareGivenTwice(f"{name}: {text}", fields={name: [text]})
        seen.add((rule.kind, rule.category))


def _invalid(field: str, text: str) -> Invalid:
    return Invalid(f"{field}: {text}", fields={field: [text]})
