"""mockctl: the command line."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Annotated, Any

import typer

from gateway.commands.recordings import recordings_app
from gateway.errors import GatewayError

app = typer.Typer(
    name="mockctl",
    help="Record a real HTTP API, cleaned of secrets, and replay it offline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cassettes_app = typer.Typer(help="Look at the cassettes on this machine.", no_args_is_help=True)
app.add_typer(cassettes_app, name="cassettes")
import_app = typer.Typer(help="Make definitions of documents that others wrote.", no_args_is_help=True)
app.add_typer(import_app, name="import")
export_app = typer.Typer(help="Describe definitions or recordings as others do.", no_args_is_help=True)
app.add_typer(export_app, name="export")
app.add_typer(recordings_app)

Port = Annotated[int | None, typer.Option("--port", "-p", help="Port to listen on; 0 picks a free one. [8000]")]
Host = Annotated[str | None, typer.Option("--host", help="Address to listen on. [127.0.0.1]")]
AdminPort = Annotated[int | None, typer.Option("--admin-port", help="A port of its own for the admin API.")]
Home = Annotated[str | None, typer.Option("--home", help="Folder of cassettes and key. [.mimic]")]
Cert = Annotated[str | None, typer.Option("--cert", help="PEM certificate: serve TLS.")]
Key = Annotated[str | None, typer.Option("--key", help="PEM private key of the certificate.")]
Profile = Annotated[str | None, typer.Option("--profile", help="Sanitizer profile: a known name or a YAML file.")]
AccessLog = Annotated[bool | None, typer.Option("--access-log/--no-access-log", help="A log line an answer.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]
Timing = Annotated[str, typer.Option("--timing", help="Pace of recorded streams: recorded, none, or scaled:FACTOR.")]
Repeat = Annotated[str, typer.Option("--repeat", help="After the last recorded answer: last, loop or strict.")]


@app.command()
def up(
    config: Annotated[str | None, typer.Option("--config", "-c", help="The configuration file (mimic.yaml).")] = None,
    mocks: Annotated[
        list[str] | None, typer.Option("--mocks", help="A file or folder of definitions; may be given again.")
    ] = None,
    upstream: Annotated[str | None, typer.Option("--upstream", help="Proxy everything else to this URL.")] = None,
    watch: Annotated[
        bool | None, typer.Option("--watch/--no-watch", help="Load definitions again when their files change.")
    ] = None,
    contract: Annotated[
        str | None, typer.Option("--contract", help="An OpenAPI document to compare everything served with.")
    ] = None,
    contract_check: Annotated[
        str | None, typer.Option("--contract-check", help="What follows: off, report or enforce. [report]")
    ] = None,
    host: Host = None,
    port: Port = None,
    admin_port: AdminPort = None,
    home: Home = None,
    cert: Cert = None,
    key: Key = None,
    profile: Profile = None,
    access_log: AccessLog = None,
    unsafe_raw: Annotated[bool, typer.Option("--unsafe-raw", help="Record UNCLEANED: secrets reach the disk.")] = False,
) -> None:
    """Serve routes with modes of their own, switchable while it runs."""
    flags = _flags(host, port, admin_port, home, cert, key, profile, access_log)
    flags |= {"mocks": mocks, "watch": watch}
    _serving().up(config, upstream, flags, unsafe_raw=unsafe_raw, contract=contract, contract_check=contract_check)


@app.command()
def record(
    url: Annotated[str, typer.Argument(help="The real service; or start, stop or status for a running gateway.")],
    name: Annotated[str | None, typer.Argument(help="With start and stop: the session's name.")] = None,
    cassette: Annotated[str | None, typer.Option("--cassette", help="Name of the cassette to write.")] = None,
    record_mode: Annotated[
        str | None, typer.Option("--record-mode", help="once, new_episodes, all or none. [once]")
    ] = None,
    host: Host = None,
    port: Port = None,
    admin_port: AdminPort = None,
    home: Home = None,
    cert: Cert = None,
    key: Key = None,
    profile: Profile = None,
    access_log: AccessLog = None,
    unsafe_raw: Annotated[bool, typer.Option("--unsafe-raw", help="Record UNCLEANED: secrets reach the disk.")] = False,
    insecure: Annotated[bool, typer.Option("--insecure", help="Do not check the upstream's certificate.")] = False,
    ca: Annotated[str | None, typer.Option("--ca", help="PEM file of the authorities to trust.")] = None,
) -> None:
    """Stand in front of a real service and record it, cleaned; Ctrl-C ends it."""
    if url in ("start", "stop", "status"):
        _control().steer_recording(url, name, cassette)
        return
    flags = _flags(host, port, admin_port, home, cert, key, profile, access_log)
    _serving().record(
        url, cassette, flags, record_mode=record_mode, unsafe_raw=unsafe_raw, insecure=insecure, ca_file=ca
    )


@app.command()
def replay(
    cassette: Annotated[str, typer.Argument(help="Name of the cassette.")],
    strict: Annotated[bool, typer.Option("--strict", help="Only exact matches.")] = False,
    repeat: Repeat = "last",
    timing: Timing = "none",
    refresh: Annotated[bool, typer.Option("--refresh", help="Move dates and cookie expiry to now.")] = False,
    rewrite_urls: Annotated[
        bool, typer.Option("--rewrite-urls/--keep-urls", help="Absolute URLs of the upstream point here.")
    ] = True,
    on_miss: Annotated[str, typer.Option("--on-miss", help="error, or proxy or record with --upstream.")] = "error",
    upstream: Annotated[str | None, typer.Option("--upstream", help="The real service, for --on-miss.")] = None,
    host: Host = None,
    port: Port = None,
    admin_port: AdminPort = None,
    home: Home = None,
    cert: Cert = None,
    key: Key = None,
    profile: Profile = None,
    access_log: AccessLog = None,
) -> None:
    """Answer from a cassette, offline: the same answers, no upstream."""
    flags = _flags(host, port, admin_port, home, cert, key, profile, access_log)
    options = {
        "strict": strict,
        "repeat": repeat,
        "timing": timing,
        "refresh": refresh,
        "rewrite_urls": rewrite_urls,
        "on_miss": on_miss,
    }
    _serving().replay(cassette, options, upstream, flags)


@app.command()
def mode(
    route: Annotated[str, typer.Argument(help="The definition's id; or --tag, or --all.")] = "",
    mode: Annotated[str, typer.Argument(help="mock, passthrough, proxy, proxy-with-fallback, record, replay.")] = "",
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Switch all definitions with this tag.")] = None,
    all_routes: Annotated[bool, typer.Option("--all", help="Switch every definition.")] = False,
) -> None:
    """Switch a definition of the running gateway to another mode."""
    _control().switch_mode(route, mode, tags=tag or [], all_routes=all_routes)


@app.command()
def enable(route: Annotated[str, typer.Argument(help="The definition's id.")]) -> None:
    """Let a definition of the running gateway answer."""
    _control().set_enabled(route, enabled=True)


@app.command()
def disable(route: Annotated[str, typer.Argument(help="The definition's id.")]) -> None:
    """Keep a definition of the running gateway from answering."""
    _control().set_enabled(route, enabled=False)


@app.command()
def get(route: Annotated[str, typer.Argument(help="The definition's id.")], as_json: AsJson = False) -> None:
    """Show a definition of the running gateway."""
    _control().show_definition(route, as_json=as_json)


@app.command()
def create(
    file: Annotated[list[str], typer.Option("--file", "-f", help="A file or folder of definitions; - is the input.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace definitions of the same ids.")] = False,
) -> None:
    """Add definitions to the running gateway: all of them or none."""
    _control().create_definitions(file, replace=replace)


@app.command()
def delete(route: Annotated[str, typer.Argument(help="The definition's id.")]) -> None:
    """Take a definition away from the running gateway."""
    _control().delete_definition(route)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the definitions of the running gateway."""
    _control().list_definitions(as_json=as_json)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Tell what the running gateway serves and records."""
    _control().show_status(as_json=as_json)


@app.command()
def scan(
    path: Annotated[str, typer.Argument(help="A cassette's name, or any file or folder.")],
    home: Home = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> None:
    """Look for secrets and personal data; exit code 1 if there are any."""
    _shelves().scan(path, home, profile, as_json=as_json)


@app.command()
def check(
    paths: Annotated[list[str] | None, typer.Argument(help="Files and folders of definitions.")] = None,
    config: Annotated[str | None, typer.Option("--config", "-c", help="The configuration file (mimic.yaml).")] = None,
    as_json: AsJson = False,
) -> None:
    """Say whether definitions can be loaded, and all that is wrong; exit code 1 if anything is."""
    _files().check(paths or [], config, as_json=as_json)


@app.command()
def schema() -> None:
    """Print the JSON Schema of definition files, for completion in editors."""
    _files().schema()


@app.command()
def edit(
    path: Annotated[str, typer.Argument(help="The file, or a folder that it is in.")],
    route: Annotated[str, typer.Argument(help="The definition's id.")],
    sets: Annotated[list[str] | None, typer.Option("--set", help="PATH=VALUE, as in response.status=201.")] = None,
    unsets: Annotated[list[str] | None, typer.Option("--unset", help="A path to take away.")] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Take the definition away.")] = False,
) -> None:
    """Change a definition in its file; order, comments and the rest stay as they are."""
    _files().edit(path, route, sets=sets or [], unsets=unsets or [], delete=delete)


@cassettes_app.command("list")
def cassettes_list(home: Home = None, as_json: AsJson = False) -> None:
    """List the cassettes."""
    _shelves().list_cassettes(home, as_json=as_json)


@cassettes_app.command("show")
def cassettes_show(
    name: Annotated[str, typer.Argument(help="Name of the cassette.")], home: Home = None, as_json: AsJson = False
) -> None:
    """Show a cassette: its sessions, its interactions, what was removed."""
    _shelves().show_cassette(name, home, as_json=as_json)


@app.command("synthesize")
def synthesize_command(
    names: Annotated[list[str], typer.Argument(help="Names of cassettes, or paths of their folders.")],
    output: Annotated[str | None, typer.Option("--output", "-o", help="File to write; else standard output.")] = None,
    report: Annotated[str | None, typer.Option("--report", help="A page to write that tells what was learnt.")] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", help="Leave out: templates, echo, store, links, guards, lists.")
    ] = None,
    latency: Annotated[bool, typer.Option("--latency", help="Answers wait as long as the recorded ones did.")] = False,
    keep_thin: Annotated[bool, typer.Option("--keep-thin", help="Enable definitions that would guess, too.")] = False,
    update: Annotated[
        str | None, typer.Option("--update", help="A file that an earlier pass made: refine it, edits stay.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what --update would change.")] = False,
    plan: Annotated[
        str | None, typer.Option("--plan", help="Folder of the plan for large recordings: others can help, it stays.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help="Processes that carry out a plan; else one for each processor.")
    ] = None,
    most: Annotated[
        int | None, typer.Option("--most", help="Interactions to learn from at most; all up to 10,000, else 7,000.")
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Make mocks from recordings that behave like the service they were recorded from."""
    planned = _planning().Planned(plan, workers, most)
    options = {"latency": latency, "keep_thin": keep_thin, "home": home, "as_json": as_json}
    options |= {"update": update, "dry_run": dry_run}
    _synthesizing().synthesize(names, output, report, without or [], planned=planned, **options)


@app.command()
def drift(
    name: Annotated[str, typer.Argument(help="Name of the cassette.")],
    upstream: Annotated[str, typer.Option("--upstream", help="The live service.")],
    writes: Annotated[bool, typer.Option("--all", help="Ask what may change something, too.")] = False,
    header: Annotated[list[str] | None, typer.Option("--header", help="NAME: VALUE for each request.")] = None,
    sets: Annotated[list[str] | None, typer.Option("--set", help="PLACE=VALUE where a request has it.")] = None,
    secret: Annotated[list[str] | None, typer.Option("--secret", help="STAND-IN=VALUE wherever it stands.")] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", help="A place, as shown, not to compare.")] = None,
    volatile: Annotated[str | None, typer.Option("--volatile", help="A second recording: what varies there.")] = None,
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait for each answer.")] = 30.0,
    insecure: Annotated[bool, typer.Option("--insecure", help="Do not check the service's certificate.")] = False,
    ca: Annotated[str | None, typer.Option("--ca", help="PEM file of the authorities to trust.")] = None,
    home: Home = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> None:
    """Ask what was recorded of a live service; exit code 1 where its answers have drifted."""
    module = import_module("gateway.commands.drift")
    given = (header or [], sets or [], secret or [], ignore or [])
    wanted = module.Wanted(writes, *given, volatile, profile, home, timeout, insecure, ca)
    module.drift(name, upstream, wanted, as_json=as_json)


@import_app.command("openapi")
def import_openapi(
    file: Annotated[
        str, typer.Argument(help="An OpenAPI or Swagger document, the folder of one, or with --fetch a URL.")
    ],
    output: Annotated[str | None, typer.Option("--output", "-o", help="File to write; else standard output.")] = None,
    merge: Annotated[
        bool, typer.Option("--merge", help="Bring it into the file: edits stay, what vanished is marked.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="Another seed makes other data.")] = 0,
    name: Annotated[str | None, typer.Option("--name", help="Name of the document; else its file's.")] = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="FILE is a URL: fetch it, this one document only.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a definition of each operation, answering with examples or made-up data."""
    options = {"merge_into": merge, "seed": seed, "as_json": as_json, "name": name, "fetches": fetch}
    _importing().import_file("openapi", file, output, **options)


@export_app.command("openapi")
def export_openapi(
    files: Annotated[list[str] | None, typer.Argument(help="Files of definitions.")] = None,
    cassette: Annotated[str | None, typer.Option("--cassette", help="A cassette instead.")] = None,
    output: Annotated[str | None, typer.Option("--output", "-o", help="File to write; else standard output.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Title of the document.")] = None,
    home: Home = None,
) -> None:
    """Describe definitions or a cassette as OpenAPI 3.1."""
    _importing().export_file("openapi", files or [], cassette, output, home=home, title=title)


# A command imports what it needs when it runs: completion and --help should not wait for a web framework.


def _serving() -> ModuleType:
    return import_module("gateway.commands.serving")


def _control() -> ModuleType:
    return import_module("gateway.commands.control")


def _files() -> ModuleType:
    return import_module("gateway.commands.files")


def _shelves() -> ModuleType:
    return import_module("gateway.commands.shelves")


def _synthesizing() -> ModuleType:
    return import_module("gateway.commands.synthesizing")


def _planning() -> ModuleType:
    return import_module("gateway.commands.planning")


def _importing() -> ModuleType:
    return import_module("gateway.commands.importing")


def _flags(
    host: str | None,
    port: int | None,
    admin_port: int | None,
    home: str | None,
    cert: str | None,
    key: str | None,
    profile: str | None,
    access_log: bool | None,
) -> dict[str, Any]:
    return {
        "host": host,
        "port": port,
        "admin_port": admin_port,
        "home": home,
        "cert": cert,
        "key": key,
        "profile": profile,
        "access_log": access_log,
    }


def main() -> None:
    """Run the command line; an error is one sentence and exit code 2."""
    try:
        app()
    except GatewayError as error:
        for line in str(error).splitlines():
            print(f"mockctl: {line}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
