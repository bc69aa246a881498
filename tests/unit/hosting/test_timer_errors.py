"""What an error says of a timer's command: it is decided, or it has to be sent again."""

from __future__ import annotations

import pytest

from shared.errors import (
    Busy,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    TimedOut,
    Unauthenticated,
    Unavailable,
    WuyeError,
    from_string,
)
from shared.hosting.timing import unsettled

LOST_RACES = Conflict("others kept changing the same thing at the same time")
OTHER_CONTENT = Conflict("used before", fields={"command_id": ["was used before"]})
OTHER_VERSION = Conflict("expected version 6", fields={"expected_version": ["It is at version 8."]})


@pytest.mark.parametrize(
    "error",
    [Refused("r"), NotFound("n"), Invalid("i"), Forbidden("f"), OTHER_CONTENT, OTHER_VERSION],
)
def test_decided(error: WuyeError) -> None:
    assert not unsettled(_over_the_wire(error))


@pytest.mark.parametrize(
    "error", [Busy("b"), TimedOut("t"), Unavailable("u"), Unauthenticated("k"), LOST_RACES]
)
def test_to_be_sent_again(error: WuyeError) -> None:
    assert unsettled(_over_the_wire(error))


def _over_the_wire(error: WuyeError) -> WuyeError:
    found = from_string(str(error))
    assert found is not None
    return found
