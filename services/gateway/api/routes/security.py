"""Places, people, accounts and sessions."""

from __future__ import annotations

from services.gateway.api.route import Route


def _security(verb: str, path: str, method: str, summary: str) -> Route:
    return Route(verb, path, f"security.{method}", summary)


ROUTES = (
    _security("POST", "/log-in", "login", "Tokens for a log-in name and its password"),
    _security("POST", "/refresh", "refresh", "New tokens for a refresh token, which it spends"),
    _security("POST", "/log-out", "logout", "End the caller's session"),
    _security("POST", "/sessions/{session}/revoke", "revoke_session", "End a session"),
    _security("GET", "/me", "me", "The caller, with homes and posts"),
    _security("GET", "/calendar-feed", "feed", "Whether the caller has a calendar feed"),
    _security("POST", "/calendar-feed", "open_feed", "Open it, or give it a new secret"),
    _security("POST", "/calendar-feed/close", "close_feed", "Close it"),
    _security("GET", "/calendar-feeds/{feed}", "feed_owner", "Whose it is (services alone)"),
    _security("GET", "/communities", "communities", "Communities the caller belongs to"),
    _security("POST", "/communities", "register_community", "Register a community"),
    _security("GET", "/communities/{community}/units", "units", "Its units"),
    _security("GET", "/communities/{community}/people", "people", "Its people"),
    _security(
        "POST", "/communities/{community}/buildings", "register_building", "Register a building"
    ),
    _security("POST", "/buildings/{building}/units", "register_unit", "Register a unit"),
    _security("POST", "/communities/{community}/people", "register_person", "Register a person"),
    # no GET: the number would stand in every log of addresses
    _security("POST", "/communities/{community}/find", "find_person", "Whose phone number it is"),
    _security("GET", "/people/{person}", "person", "One person, with tenancies"),
    _security("POST", "/people/{person}/tenancies", "move_in", "A person moves in"),
    _security("POST", "/tenancies/{tenancy}/end", "move_out", "A person moves out"),
    _security("POST", "/people/{person}/forget", "forget_person", "Forget a person for good"),
    _security("POST", "/people/{person}/accounts", "open_account", "Open an account"),
    _security("POST", "/password", "set_password", "Set a password, one's own or another's"),
    _security("POST", "/accounts/{account}/posts", "grant", "Give a post, which gives rights"),
    _security(
        "POST", "/accounts/{account}/posts/{post}/withdraw", "withdraw_grant", "Take a post away"
    ),
)
