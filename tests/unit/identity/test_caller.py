from shared.identity.caller import EVERY, Caller, Post

CALLER = Caller(
    "li",
    (
        Post("resident", "green"),
        Post("technician", "green", ("g1", "g2")),
        Post("technician", "lake"),
        Post("auditor", EVERY),
    ),
)


def test_roles_at_a_place() -> None:
    assert CALLER.roles("green") == {"resident", "auditor"}
    assert CALLER.roles("green", "g1") == {"resident", "technician", "auditor"}
    assert CALLER.roles("green", "g3") == {"resident", "auditor"}
    assert CALLER.roles("lake", "l1") == {"technician", "auditor"}
    assert CALLER.roles("hill") == {"auditor"}
    assert CALLER.roles(EVERY) == {"auditor"}


def test_a_post_for_some_buildings_is_none_for_the_whole_community() -> None:
    assert CALLER.has("technician", "green", "g2")
    assert not CALLER.has("technician", "green", "g3")
    assert not CALLER.has("technician", "green")
    assert not CALLER.has("technician", "green", None)


def test_communities_for_which_a_role_is_held() -> None:
    assert CALLER.communities("technician") == frozenset({"lake"})
    assert CALLER.communities("technician", "resident") == frozenset({"green", "lake"})
    assert CALLER.communities("manager") == frozenset()
    assert CALLER.communities() == frozenset()


def test_every_community_is_none() -> None:
    assert CALLER.communities("technician", "auditor") is None


def test_single_buildings() -> None:
    assert CALLER.buildings("technician", "resident") == {("green", "g1"), ("green", "g2")}
    assert CALLER.buildings("resident") == frozenset()


def test_no_posts_no_roles() -> None:
    assert not Caller("li").roles("green")
    assert not Caller("li", (Post("technician", "green", ()),)).roles("green", "g1")
