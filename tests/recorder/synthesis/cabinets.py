"""A small service for tests of synthesis with two protocols on one path: drawers by a header, clerks by forms."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlencode

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
XML = {"Content-Type": "text/xml"}


class Cabinets:
    """Drawers with papers whose names callers choose, by JSON and `X-Do`; clerks by `Action` in a form, told in XML.

    Members of papers say of which type they are. A write to papers tells nothing; what is not there is told by `{}`.
    """

    def __init__(self, chance):
        self.chance = chance
        self.drawers = {}
        self.clerks = {}

    def answer(self, method, target, sent, headers):
        del method, target
        try:
            if "X-Do" in headers:
                return (
                    200,
                    json.dumps(self.named(headers["X-Do"].partition(".")[2])(sent)).encode(),
                    {"Content-Type": "text/html"},
                )
            asked = dict(parse_qsl(sent.decode()))
            inner = self.named(asked["Action"])(asked)
            return 200, f"<{asked['Action']}Response>{inner}</{asked['Action']}Response>".encode(), XML
        except KeyError as error:
            return 400, {"error": error.args[0]}

    def named(self, name):
        return getattr(self, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower())

    def create_drawer(self, asked):
        if asked["DrawerName"] in self.drawers:
            raise KeyError("DrawerExists")
        self.drawers[asked["DrawerName"]] = {"Size": asked["Size"], "papers": {}}
        return {}

    def describe_drawer(self, asked):
        drawer = self.drawer(asked)
        return {"Drawer": {"DrawerName": asked["DrawerName"], "Size": drawer["Size"], "State": "OPEN"}}

    def delete_drawer(self, asked):
        self.drawer(asked)
        del self.drawers[asked["DrawerName"]]
        return {}

    def put_paper(self, asked):
        self.drawer(asked)["papers"][asked["Paper"]["code"]["T"]] = asked["Paper"]
        return {}

    def get_paper(self, asked):
        found = self.drawer(asked)["papers"].get(asked["Key"]["code"]["T"])
        return {} if found is None else {"Paper": found}

    def delete_paper(self, asked):
        self.drawer(asked)["papers"].pop(asked["Key"]["code"]["T"], None)
        return {}

    def list_papers(self, asked):
        papers = self.drawer(asked)["papers"]
        return {"Papers": [papers[name] for name in sorted(papers)], "Count": len(papers)}

    def drawer(self, asked):
        if asked["DrawerName"] not in self.drawers:
            raise KeyError("NoSuchDrawer")
        return self.drawers[asked["DrawerName"]]

    def add_clerk(self, asked):
        if asked["ClerkName"] in self.clerks:
            raise KeyError("ClerkExists")
        self.clerks[asked["ClerkName"]] = {"ClerkName": asked["ClerkName"], "Desk": asked.get("Desk", "none")}
        return self.shown(asked)

    def get_clerk(self, asked):
        return self.shown(asked)

    def delete_clerk(self, asked):
        self.shown(asked)
        del self.clerks[asked["ClerkName"]]
        return "<Done/>"

    def shown(self, asked):
        if asked["ClerkName"] not in self.clerks:
            raise KeyError("NoSuchClerk")
        inner = "".join(f"<{name}>{value}</{name}>" for name, value in self.clerks[asked["ClerkName"]].items())
        return f"<Clerk>{inner}</Clerk>"


def asks(ask):
    """Give what asks by the header, and what asks by a form."""

    def do(what, **sent):
        return ask("POST", "/", sent, {"X-Do": f"Cabinets.{what}"})

    def act(action, **sent):
        return ask("POST", "/", urlencode({"Action": action, "Version": "3", **sent}).encode(), FORM)

    return do, act


def filing(ask, words):
    """File papers in a drawer and take one out; hire clerks and lose one."""
    do, act = asks(ask)
    drawer = f"drawer-{words.randint(100, 99999)}"
    do("CreateDrawer", DrawerName=drawer, Size=words.randint(3, 90))
    do("CreateDrawer", DrawerName=drawer, Size=3)
    do("DescribeDrawer", DrawerName=drawer)
    codes = [f"paper-{words.randint(100, 99999)}" for _ in range(3)]
    for code in codes:
        text = f"about {words.randint(100, 99999)}"
        do("PutPaper", DrawerName=drawer, Paper={"code": {"T": code}, "text": {"T": text}})
    one = words.choice(codes)
    do("GetPaper", DrawerName=drawer, Key={"code": {"T": one}})
    do("ListPapers", DrawerName=drawer)
    do("DeletePaper", DrawerName=drawer, Key={"code": {"T": one}})
    do("GetPaper", DrawerName=drawer, Key={"code": {"T": one}})
    do("ListPapers", DrawerName=drawer)
    do("ListPapers", DrawerName=f"drawer-{words.randint(100, 99999)}")
    do("DeleteDrawer", DrawerName=drawer)
    do("DescribeDrawer", DrawerName=drawer)
    clerks = [f"clerk{words.randint(100, 99999)}" for _ in range(3)]
    for clerk in clerks:
        act("AddClerk", ClerkName=clerk, Desk=f"desk {words.randint(100, 99999)}")
    act("AddClerk", ClerkName=clerks[0])
    act("GetClerk", ClerkName=clerks[0])
    act("DeleteClerk", ClerkName=clerks[1])
    act("GetClerk", ClerkName=clerks[1])
    act("GetClerk", ClerkName=clerks[2])


def trying(ask, words):
    """Make one of each, as one session does, and go on with that: a drawer, a paper, a clerk who leaves."""
    do, act = asks(ask)
    drawer = f"drawer-{words.randint(100, 99999)}"
    do("CreateDrawer", DrawerName=drawer, Size=words.randint(3, 90))
    do("DescribeDrawer", DrawerName=drawer)
    codes = [f"paper-{words.randint(100, 99999)}" for _ in range(3)]
    for code in codes:
        text = f"about {words.randint(100, 99999)}"
        do("PutPaper", DrawerName=drawer, Paper={"code": {"T": code}, "text": {"T": text}})
    for what in ("GetPaper", "DeletePaper", "GetPaper"):
        do(what, DrawerName=drawer, Key={"code": {"T": codes[1]}})
    clerks = [f"clerk{words.randint(100, 99999)}" for _ in range(2)]
    for clerk in clerks:
        act("AddClerk", ClerkName=clerk, Desk=f"desk {words.randint(100, 99999)}")
    for action in ("GetClerk", "DeleteClerk", "GetClerk"):
        act(action, ClerkName=clerks[0])
