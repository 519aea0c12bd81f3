"""Sessions of Mailman: lists of a domain are set up, people subscribe, roles, bans, requests, users, mistakes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client
from bench.fidelity.upstreams.mailman import DESK

API: Final = "/3.1"
AUTH: Final = {"Authorization": "Basic " + b64encode(":".join(DESK).encode()).decode()}
AT_ONCE: Final = {"pre_verified": "true", "pre_confirmed": "true", "pre_approved": "true"}
"""What lets somebody in without being asked."""


@dataclass
class Lists:
    """The lists of a domain by their ids, and who is subscribed: the link of each membership, its list and address."""

    client: Client
    domain: str
    lists: list[str] = field(default_factory=list)
    members: list[tuple[str, str, str]] = field(default_factory=list)

    def ask(self, label: str, method: str, path: str, **more: Any) -> Answered:
        return self.client.ask(label, method, path if "://" in path else API + path, headers=AUTH, **more)


def play(client: Client, random: Random) -> None:
    lists = settle(client, random)
    for _ in range(random.randint(3, 5)):
        subscribe(random, lists)
    kinds = [settings, listing, rosters, memberships, roles, users, preferences, bans, requests, finding, leaving]
    random.shuffle(kinds)
    for kind in [*kinds[: random.randint(3, 5)], mistakes]:
        kind(random, lists)
    ending(random, lists)


def settle(client: Client, random: Random) -> Lists:
    lists = Lists(client, f"{values.slug(random)}.example")
    asked = {"mail_host": lists.domain}
    if random.random() < 0.5:
        asked["description"] = values.title(random)
    made = lists.ask("new domain", "POST", "/domains", form=asked)
    if random.random() < 0.5:
        lists.ask("the domain", "GET", made.header("location"), reads=True)
    for _ in range(random.randint(2, 3)):
        new_list(random, lists)
    return lists


def new_list(random: Random, lists: Lists) -> str:
    name = values.slug(random)
    asked = {"fqdn_listname": f"{name}@{lists.domain}"}
    if random.random() < 0.4:
        asked["style_name"] = random.choice(["legacy-announce", "private-default"])
    made = lists.ask("new list", "POST", "/lists", form=asked)
    if random.random() < 0.6:
        lists.ask("the list", "GET", made.header("location"), reads=True)
    lists.lists.append(f"{name}.{lists.domain}")
    return lists.lists[-1]


def subscribe(random: Random, lists: Lists, role: str = "") -> str:
    place, address = random.choice(lists.lists), values.email(random)
    asked = {"list_id": place, "subscriber": address, **AT_ONCE}
    if random.random() < 0.6:
        asked["display_name"] = values.name(random)
    if role:
        asked["role"] = role
    made = lists.ask(f"new {role or 'member'}", "POST", "/members", form=asked).header("location")
    if not role:
        lists.members.append((made, place, address))
    return made


def settings(random: Random, lists: Lists) -> None:
    place = f"/lists/{random.choice(lists.lists)}"
    asked = {"description": values.title(random)}
    if random.random() < 0.5:
        asked["subject_prefix"] = f"[{values.word(random)}] "
    if random.random() < 0.5:
        asked["advertised"] = random.choice(["true", "false"])
    if random.random() < 0.4:
        asked["max_message_size"] = str(random.randint(10, 400))
    lists.ask("change settings", "PATCH", f"{place}/config", form=asked)
    lists.ask("the list, changed", "GET", place, reads=True)
    one = random.choice([*asked, "default_member_action", "posting_address", "volume"])
    lists.ask("one setting", "GET", f"{place}/config/{one}", reads=True)
    if random.random() < 0.5:
        lists.ask("all settings", "GET", f"{place}/config", reads=True)
    if random.random() < 0.5:
        asked = {"display_name": values.title(random)}
        lists.ask("put one setting", "PUT", f"{place}/config/display_name", form=asked)
        lists.ask("the list, renamed", "GET", place, reads=True)


def listing(random: Random, lists: Lists) -> None:
    lists.ask("lists", "GET", "/lists", reads=True)
    lists.ask("first lists", "GET", "/lists", query={"count": 1, "page": 1}, reads=True)
    lists.ask("next lists", "GET", "/lists", query={"count": 1, "page": 2}, reads=True)
    if random.random() < 0.5:
        lists.ask("lists of the domain", "GET", f"/domains/{lists.domain}/lists", reads=True)
    if random.random() < 0.5:
        lists.ask("advertised lists", "GET", "/lists", query={"advertised": "true"}, reads=True)
    if random.random() < 0.5:
        lists.ask("domains", "GET", "/domains", reads=True)
    if random.random() < 0.3:
        lists.ask("styles", "GET", "/lists/styles")


def rosters(random: Random, lists: Lists) -> None:
    place = random.choice(lists.members)[1]
    lists.ask("roster", "GET", f"/lists/{place}/roster/member", reads=True)
    if random.random() < 0.5:
        query = {"count": 2, "page": random.choice([1, 2])}
        lists.ask("page of the roster", "GET", f"/lists/{place}/roster/member", query=query, reads=True)
    lists.ask("the list with its count", "GET", f"/lists/{place}", reads=True)
    if random.random() < 0.5:
        lists.ask("all members", "GET", "/members", reads=True)


def memberships(random: Random, lists: Lists) -> None:
    link, place, address = random.choice(lists.members)
    lists.ask("a membership", "GET", link, reads=True)
    ways = [
        {"delivery_mode": random.choice(["plaintext_digests", "mime_digests"])},
        {"moderation_action": random.choice(["hold", "reject", "accept"])},
        {"delivery_status": random.choice(["by_user", "by_moderator"])},
    ]
    lists.ask("change a membership", "PATCH", link, form=random.choice(ways))
    lists.ask("the membership, changed", "GET", link, reads=True)
    if random.random() < 0.6:
        lists.ask("member by address", "GET", f"/lists/{place}/member/{address}", reads=True)


def roles(random: Random, lists: Lists) -> None:
    role = random.choice(["owner", "moderator"])
    link = subscribe(random, lists, role)
    made = lists.ask("the role", "GET", link, reads=True)
    place = made.take("list_id")
    lists.ask("roster of a role", "GET", f"/lists/{place}/roster/{role}", reads=True)
    lists.ask("members beside", "GET", f"/lists/{place}/roster/member", reads=True)
    if random.random() < 0.5:
        lists.ask("take the role away", "DELETE", link)
        lists.ask("roster without", "GET", f"/lists/{place}/roster/{role}", reads=True)


def users(random: Random, lists: Lists) -> None:
    address, secret = values.email(random), values.password(random)
    asked = {"email": address, "display_name": values.name(random), "password": secret}
    link = lists.ask("new user", "POST", "/users", form=asked).header("location")
    lists.ask("the user", "GET", random.choice([link, f"/users/{address}"]), reads=True)
    if random.random() < 0.6:
        lists.ask("rename the user", "PATCH", link, form={"display_name": values.name(random)})
        lists.ask("the user, renamed", "GET", f"/users/{address}", reads=True)
    if random.random() < 0.5:
        lists.ask("right password", "POST", f"{link}/login", form={"cleartext_password": secret})
        lists.ask("wrong password", "POST", f"{link}/login", form={"cleartext_password": values.password(random)})
    if random.random() < 0.6:
        other = values.email(random)
        lists.ask("another address", "POST", f"/users/{address}/addresses", form={"email": other})
        lists.ask("verify it", "POST", f"/addresses/{other}/verify", form={})
        lists.ask("the address", "GET", f"/addresses/{other}", reads=True)
        lists.ask("addresses of the user", "GET", f"/users/{address}/addresses", reads=True)
    if random.random() < 0.4:
        lists.ask("user again", "POST", "/users", form=asked)
    if random.random() < 0.4:
        lists.ask("delete the user", "DELETE", link)
        lists.ask("the user, deleted", "GET", link, reads=True)


def preferences(random: Random, lists: Lists) -> None:
    place = f"/addresses/{random.choice(lists.members)[2]}/preferences"
    lists.ask("preferences", "GET", place, reads=True)
    asked = {"hide_address": random.choice(["true", "false"])}
    if random.random() < 0.5:
        asked["delivery_mode"] = random.choice(["plaintext_digests", "mime_digests"])
    lists.ask("change preferences", "PATCH", place, form=asked)
    lists.ask("preferences, changed", "GET", place, reads=True)
    if random.random() < 0.5:
        lists.ask("wrong preference", "PATCH", place, form={"hide_address": values.word(random)})
    if random.random() < 0.4:
        lists.ask("drop preferences", "DELETE", place)
        lists.ask("preferences, dropped", "GET", place, reads=True)


def bans(random: Random, lists: Lists) -> None:
    place, address = random.choice(lists.lists), values.email(random)
    lists.ask("ban", "POST", f"/lists/{place}/bans", form={"email": address})
    lists.ask("bans", "GET", f"/lists/{place}/bans", reads=True)
    if random.random() < 0.6:
        asked = {"list_id": place, "subscriber": address, **AT_ONCE}
        lists.ask("subscribe who is banned", "POST", "/members", form=asked)
    if random.random() < 0.4:
        lists.ask("ban again", "POST", f"/lists/{place}/bans", form={"email": address})
    if random.random() < 0.6:
        lists.ask("lift the ban", "DELETE", f"/lists/{place}/bans/{address}")
        lists.ask("bans left", "GET", f"/lists/{place}/bans", reads=True)


def requests(random: Random, lists: Lists) -> None:
    place, address = random.choice(lists.lists), values.email(random)
    asked = {"list_id": place, "subscriber": address, "pre_verified": "true", "display_name": values.name(random)}
    token = lists.ask("ask to subscribe", "POST", "/members", form=asked).take("token")
    query = {"token_owner": "subscriber"}
    lists.ask("requests", "GET", f"/lists/{place}/requests", query=query, reads=True)
    lists.ask("the request", "GET", f"/lists/{place}/requests/{token}", reads=True)
    action = random.choice(["accept", "discard", "reject"])
    lists.ask("decide it", "POST", f"/lists/{place}/requests/{token}", form={"action": action})
    lists.ask("the request, decided", "GET", f"/lists/{place}/requests/{token}", reads=True)
    lists.ask("roster after the request", "GET", f"/lists/{place}/roster/member", reads=True)


def finding(random: Random, lists: Lists) -> None:
    _, place, address = random.choice(lists.members)
    lists.ask("find memberships", "POST", "/members/find", form={"subscriber": address}, reads=True)
    if random.random() < 0.5:
        asked = {"list_id": place, "role": "member"}
        lists.ask("find members of a list", "POST", "/members/find", form=asked, reads=True)
    lists.ask("find lists of somebody", "POST", "/lists/find", form={"subscriber": address}, reads=True)
    if random.random() < 0.5:
        lists.ask("user of an address", "GET", f"/users/{address}", reads=True)


def leaving(random: Random, lists: Lists) -> None:
    link, place, address = lists.members.pop(random.randrange(len(lists.members)))
    lists.ask("unsubscribe", "DELETE", link)
    lists.ask("the membership, gone", "GET", link, reads=True)
    lists.ask("roster left", "GET", f"/lists/{place}/roster/member", reads=True)
    if random.random() < 0.5:
        asked = {"list_id": place, "subscriber": address, **AT_ONCE}
        made = lists.ask("subscribe again", "POST", "/members", form=asked).header("location")
        lists.members.append((made, place, address))
    if random.random() < 0.4:
        lists.ask("unsubscribe again", "DELETE", link)


def mistakes(random: Random, lists: Lists) -> None:
    client, place = lists.client, random.choice(lists.lists)
    address, taken = values.email(random), random.choice(lists.members)
    wrong = {"Authorization": "Basic " + b64encode(f"desk:{values.password(random)}".encode()).decode()}
    name = f"{values.slug(random)}@{values.slug(random)}.example"
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no login", "GET", f"{API}/lists"),
        lambda: client.ask("wrong login", "GET", f"{API}/domains", headers=wrong),
        lambda: lists.ask("domain again", "POST", "/domains", form={"mail_host": lists.domain}),
        lambda: lists.ask("list again", "POST", "/lists", form={"fqdn_listname": place.replace(".", "@", 1)}),
        lambda: lists.ask("list of no domain", "POST", "/lists", form={"fqdn_listname": name}),
        lambda: lists.ask("bad name", "POST", "/lists", form={"fqdn_listname": values.word(random)}),
        lambda: lists.ask("no name", "POST", "/lists", form={"style_name": "private-default"}),
        lambda: lists.ask("no such list", "GET", f"/lists/{values.slug(random)}.example"),
        lambda: lists.ask(
            "member again", "POST", "/members", form={"list_id": taken[1], "subscriber": taken[2], **AT_ONCE}
        ),
        lambda: lists.ask(
            "member of no list", "POST", "/members", form={"list_id": values.slug(random), "subscriber": address}
        ),
        lambda: lists.ask("no subscriber", "POST", "/members", form={"list_id": place}),
        lambda: lists.ask("no such membership", "GET", f"/members/{values.word(random)}"),
        lambda: lists.ask("no such user", "GET", f"/users/{address}"),
        lambda: lists.ask("no such address", "GET", f"/addresses/{address}"),
        lambda: lists.ask("no such setting", "PATCH", f"/lists/{place}/config", form={values.word(random): "x"}),
        lambda: lists.ask("wrong setting", "PATCH", f"/lists/{place}/config", form={"advertised": "perhaps"}),
        lambda: lists.ask("setting of the service", "PATCH", f"/lists/{place}/config", form={"volume": "3"}),
        lambda: lists.ask("wrong page", "GET", "/lists", query={"count": values.word(random), "page": 1}),
        lambda: lists.ask("wrong delivery", "PATCH", taken[0], form={"delivery_mode": values.word(random)}),
        lambda: lists.ask("no such call", "GET", f"/{values.word(random)}"),
        lambda: lists.ask("no such roster", "GET", f"/lists/{place}/roster/{values.word(random)}"),
        lambda: lists.ask("no ban to lift", "DELETE", f"/lists/{place}/bans/{address}"),
    ]
    for way in random.sample(ways, random.randint(4, 6)):
        way()


def ending(random: Random, lists: Lists) -> None:
    place = random.choice(lists.lists)
    lists.ask("delete a list", "DELETE", f"/lists/{place}")
    lists.ask("the list, deleted", "GET", f"/lists/{place}", reads=True)
    lists.ask("lists left", "GET", "/lists", reads=True)
    if random.random() < 0.5:
        lists.ask("members left", "GET", "/members", reads=True)
    if random.random() < 0.4:
        lists.ask("delete the domain", "DELETE", f"/domains/{lists.domain}")
        lists.ask("no lists left", "GET", "/lists", reads=True)
