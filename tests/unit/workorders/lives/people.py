"""Who takes part in the lives of an order."""

from __future__ import annotations

from tests.unit.workorders.cast import machine, person

# li lives there and repairs too, qian supervises and repairs too: both may meet their own work
PEOPLE = {
    caller.person: caller
    for caller in (
        person("li", "resident", "technician"),
        person("mei", "resident"),
        person("wang", "technician"),
        person("qian", "supervisor", "technician"),
        person("boss", "manager"),
        person("sun", "dispatcher"),
        person("guard", "guard"),
        person("clerk", "accountant"),
        machine,
    )
}
TECHNICIANS = ("li", "wang", "qian")
DISPATCHERS = ("qian", "boss", "sun")
CHECKERS = ("qian", "boss")
SERVICE = machine.person
