from __future__ import annotations

import importlib
import re

import pytest
from house.tree import ROOT, doc, headings, kept_files, named

GLOSSARY = [
    "exchange",
    "interaction",
    "cassette",
    "key",
    "track",
    "definition",
    "route",
    "matcher",
    "predicate",
    "near-miss",
    "mode",
    "answer",
    "upstream",
    "downstream",
    "session",
    "scope",
    "scenario",
    "resource",
    "variant",
    "fault",
    "journal",
    "entry",
    "rule",
    "profile",
    "finding",
    "pseudonym",
    "synthesis",
    "drift",
    "data-plane",
    "admin-plane",
]
PAGES = [path for path in kept_files() if path.suffix == ".md"]


def part(module, name):
    """Give a table of the product; a part that is not built yet skips its test."""
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not (module + ".").startswith(error.name + "."):
            raise
        pytest.skip(f"{module} is not there yet")
    return getattr(found, name)


def test_every_mode_is_documented():
    assert set(part("gateway.modes", "MODES")) - headings("modes.md") == set()


def test_everything_that_can_be_matched_is_documented():
    rows = set(re.findall(r"^\| `(\w+)` \|", doc("matching.md"), flags=re.MULTILINE))
    parts = ["Condition", "Comparison", "BodyMatch", "GraphqlMatch", "JwtMatch", "BasicAuth"]
    fields = {
        field.alias or name
        for found in parts
        for name, field in part("cassettes.definition", found).model_fields.items()
    }
    assert fields - rows == set()


def test_every_sanitizer_rule_is_documented():
    rules = (*part("sanitizers.rules", "NAMES"), *part("sanitizers.rules", "PATTERNS"))
    assert {rule.name for rule in rules} - headings("sanitizing.md") == set()


def test_every_tier_of_replay_is_documented_with_what_it_gives_up():
    rows = dict(re.findall(r"^\| `(\w+)` \| ([0-9.]+) \|", doc("replaying.md"), flags=re.MULTILINE))
    assert rows == {tier.name: f"{tier.score:.2f}" for tier in part("recorder.tier", "TIERS")}


def test_every_setting_is_documented_with_its_default():
    rows = dict(re.findall(r"^\| `(\w+)` \| `?([^|]*?)`? \|", doc("settings.md"), flags=re.MULTILINE))
    fields = part("gateway.config", "Settings").model_fields
    assert set(fields) - set(rows) == set()
    shown = {name: _shown(field) for name, field in fields.items()}
    assert {name: rows[name] for name in fields if rows[name] != shown[name]} == {}


def test_every_setting_of_an_upstream_is_documented():
    section = doc("settings.md").partition("## Upstreams")[2]
    fields = set(part("gateway.config", "UpstreamSettings").model_fields)
    assert fields - set(re.findall(r"^\| `(\w+)`", section, flags=re.MULTILINE)) == set()


def test_every_key_of_a_contract_is_documented():
    section = doc("openapi.md").partition("## The contract")[2].partition("### ")[0]
    rows = re.findall(r"^\| (`.*?) \|", section, flags=re.MULTILINE)
    fields = set(part("gateway.config", "ContractSettings").model_fields)
    assert fields == {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_every_field_of_faults_is_documented():
    faults, config = importlib.import_module("cassettes.definition.faults"), part("gateway.config", "ChaosProfile")
    parts = ("Faults", "Delay", "ErrorRate", "BrokenConnection", "RateLimit", "Outage")
    fields = {
        field.alias or name
        for kind in (*(getattr(faults, name) for name in parts), config)
        for name, field in kind.model_fields.items()
    }
    shown = set(re.findall(r"^\| `?([\w-]+)`? \|", doc("faults.md"), flags=re.MULTILINE))
    assert (fields | set(faults.FaultName.__args__)) - shown == set()


def test_no_setting_is_documented_that_does_not_exist():
    rows = set(re.findall(r"^\| `(\w+)` \|", doc("settings.md"), flags=re.MULTILINE))
    known = {*part("gateway.config", "Settings").model_fields, *part("gateway.config", "UpstreamSettings").model_fields}
    assert rows - known == set()


def test_every_command_and_each_of_its_options_is_documented():
    pytest.importorskip("typer")
    commands = dict(_commands(part("gateway.cli", "app")))
    assert set(commands) - headings("cli.md") == set()
    sections = _sections(doc("cli.md"))
    lacking = {
        (name, option) for name, options in commands.items() for option in options if option not in sections[name]
    }
    assert lacking == set()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_configuration_shown_is_one_that_loads(page, tmp_path):
    load = part("gateway.config", "load_configuration")
    blocks = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for number, block in enumerate(block for block in blocks if "mimic.yaml" in block or block.startswith("- ")):
        shown = tmp_path / f"shown-{number}.yaml"
        shown.write_text(block, encoding="utf-8")
        load(str(shown), {}, {})


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_shown_is_one_that_exists(page):
    pytest.importorskip("typer")
    commands = set(dict(_commands(part("gateway.cli", "app"))))
    shown = re.findall(
        r"^\s*(?:\$ )?mockctl ([a-z]+(?: (?:list|show|openapi)\b)?)",
        page.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    assert set(shown) - commands == set()


def test_every_field_of_a_definition_is_documented():
    fields = {name.rstrip("_") for name in part("cassettes.definition", "MockDefinition").model_fields}
    rows = re.findall(r"^\| (`.*?) \|", doc("definitions.md"), flags=re.MULTILINE)
    assert fields - {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set()


def test_every_field_of_cases_is_documented():
    page = doc("cases.md")
    lists = ("ListSpec", "ListFilter", "ListSearch", "ListExpression", "ListSort", "ListPage")
    parts = ("Case", "Save", *lists, "CollectionSpec")
    fields = {name.rstrip("_") for kind in parts for name in part("cassettes.definition", kind).model_fields}
    assert [name for name in sorted(fields) if not re.search(rf"\b{name}\b", page)] == []


def test_every_word_of_the_glossary_is_there():
    words = set(re.findall(r"^\| \*\*([^|]+)\*\* \|", doc("glossary.md"), flags=re.MULTILINE))
    listed = {word.strip().replace(" ", "-") for row in words for word in row.replace("*", "").split(",")}
    assert set(GLOSSARY) - listed == set()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    assert [target for target in targets if not _leads(page, target)] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_has_one_title(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(re.findall(r"^# ", text, flags=re.MULTILINE)) == 1


def test_every_page_is_reached_from_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [named(path) for path in PAGES if path.parent.name == "docs" and named(path) not in readme] == []


def _shown(field):
    default = field.get_default(call_default_factory=True)
    if default is None or default == []:
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)


def _commands(app, prefix=""):
    """Give each command of a typer application with its long options, but those that every command has."""
    import typer

    group = typer.main.get_command(app)
    shared = {"--help", "--install-completion", "--show-completion"}
    pending = [(prefix, group)]
    while pending:
        name, command = pending.pop()
        inner = getattr(command, "commands", None)
        if inner:
            pending += [(f"{name} {child}".strip(), one) for child, one in inner.items()]
            continue
        options = {option for one in command.params for option in one.opts if option.startswith("--")}
        yield name, options - shared


def _sections(text):
    parts = re.split(r"^#+ (.*)$", text, flags=re.MULTILINE)
    return {title.replace("`", "").strip(): body for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def _leads(page, target):
    path, _, anchor = target.partition("#")
    file = (page.parent / path).resolve() if path else page
    if not file.exists():
        return False
    if not anchor:
        return True
    titles = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return anchor in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
