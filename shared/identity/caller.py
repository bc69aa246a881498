"""Who calls, and which posts they hold where."""

from __future__ import annotations

import msgspec

EVERY = "*"


class Post(msgspec.Struct, frozen=True):
    """One role at one place: a community (``"*"``: every one), or some of its buildings."""

    role: str
    community: str
    buildings: tuple[str, ...] | None = None

    def covers(self, community: str, building: str | None = None) -> bool:
        """Whether the place lies inside. Without ``building`` the whole community is meant."""
        if self.community not in (EVERY, community):
            return False
        return self.buildings is None or building in self.buildings


class Caller(msgspec.Struct, frozen=True):
    """A person or a service whose token was verified.

    ``positions``: log name to the position this caller has already seen, so must be shown.
    Verified callers are shared between requests: change them with ``msgspec.structs.replace`` only.
    """

    person: str
    posts: tuple[Post, ...] = ()
    session: str | None = None
    language: str = "zh-CN"
    positions: dict[str, int] = msgspec.field(default_factory=dict)

    def roles(self, community: str, building: str | None = None) -> frozenset[str]:
        """The roles held at that place; a post for some buildings is none at the community."""
        return frozenset(post.role for post in self.posts if post.covers(community, building))

    def has(self, role: str, community: str, building: str | None = None) -> bool:
        return any(post.role == role and post.covers(community, building) for post in self.posts)

    def communities(self, *roles: str) -> frozenset[str] | None:
        """Where one of these roles is held for the whole community; ``None``: in every one."""
        whole = {p.community for p in self.posts if p.role in roles and p.buildings is None}
        return None if EVERY in whole else frozenset(whole)

    def buildings(self, *roles: str) -> frozenset[tuple[str, str]]:
        """The (community, building) pairs where one of these roles is held for single buildings."""
        return frozenset(
            (post.community, building)
            for post in self.posts
            if post.role in roles and post.buildings is not None
            for building in post.buildings
        )
