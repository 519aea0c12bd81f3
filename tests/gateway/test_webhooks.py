"""Webhooks are rendered for a request, sent apart from its answer, tried again, and never more than is bounded."""

import asyncio
import contextlib
import re
import resource
from pathlib import Path
from random import Random

import pytest
from builders import a_request
from rawserver import RawServer, ok, saying, until

from cassettes.definition import MockDefinition
from cassettes.definition.behaviour import Webhook
from gateway.config import Configuration, Settings
from gateway.context import Context
from gateway.errors import ConfigError, RenderError
from gateway.outbound.egress import Egress, parse_origin
from gateway.outbound.upstream import Upstream
from gateway.services import LiveServices
from gateway.view import RequestView
from gateway.webhooks import RenderedWebhook, Webhooks, compile_webhook, webhook_origin, webhook_origins


class Filled:
    """A stand-in for a compiled template: puts one text in the place of each `{{ … }}`."""

    def __init__(self, source, text):
        self.source = source
        self.text = text

    async def render_later(self, context):
        return re.sub(r"\{\{.*?\}\}", self.text, self.source)


class Written(Filled):
    async def render_later(self, context):
        return (await super().render_later(context)).encode()


def compiled(text="7", **webhook):
    def template(source, where, *, kind="text"):
        return Filled(source, text)

    def document(value, where):
        return Written(str(value), text)

    return compile_webhook(Webhook.model_validate(webhook), template, document, "pay: hooks.webhooks.0")


def a_context():
    return Context(RequestView(a_request()), "pay", None, None, Random(1), lambda: 0.0)


def a_webhook(port, target=b"/hook", **more):
    return RenderedWebhook(
        f"http://127.0.0.1:{port}", "POST", target, ((b"host", b"up.test"),), b"{}", **{"retries": 0, **more}
    )


@contextlib.asynccontextmanager
async def sending(server, **options):
    """Give webhooks that go to a server, in time and without waiting long to try again."""
    upstream = Upstream("up", parse_origin(f"http://127.0.0.1:{server.port}"), Egress(), max_connections=64)
    webhooks = Webhooks(lambda _origin: upstream, random=Random(1), **{"backoff_s": 0.01, **options})
    try:
        yield webhooks
    finally:
        await webhooks.close()
        await upstream.close()


def counts(webhooks):
    return {name.removeprefix("mimic_webhooks_"): value for name, value in webhooks.gauges().items() if value}


# Rendered.


async def test_a_webhook_is_rendered_for_a_request():
    render = compiled(
        url="https://Hooks.example.com:8443/paid/{{ id }}?a={{ id }}",
        headers={"X-Event": "paid {{ id }}"},
        body={"order": "{{ id }}"},
        delay_ms=1500,
        retries=3,
    )
    assert await render(a_context()) == RenderedWebhook(
        "https://hooks.example.com:8443",
        "POST",
        b"/paid/7?a=7",
        (
            (b"host", b"hooks.example.com:8443"),
            (b"X-Event", b"paid 7"),
            (b"content-type", b"application/json"),
            (b"user-agent", b"mimic"),
        ),
        b"{'order': '7'}",
        1.5,
        3,
    )


async def test_a_webhook_without_path_and_body_is_sent_all_the_same():
    rendered = await compiled(url="http://a.test", method="get", headers={"User-Agent": "me"})(a_context())
    assert (rendered.method, rendered.target, rendered.body, rendered.headers) == (
        "GET", b"/", None, ((b"host", b"a.test"), (b"User-Agent", b"me"))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "target"),
    [("a b", b"/x/a%20b"), ("é\r\nx", b"/x/%C3%A9%0D%0Ax"), ("a#b", b"/x/a"), ("@evil.test/", b"/x/@evil.test/")],
)
async def test_what_a_request_puts_into_the_path_stays_in_the_path(text, target):
    rendered = await compiled(text, url="http://a.test/x/{{ id }}")(a_context())
    assert (rendered.origin, rendered.target) == ("http://a.test", target)


@pytest.mark.parametrize(
    ("body", "kind", "sent"),
    [("hi {{ id }}", b"text/plain; charset=utf-8", b"hi 7"), ('{"a": {{ id }}}', b"application/json", b'{"a": 7}')],
)
async def test_a_text_is_sent_as_what_it_looks_like(body, kind, sent):
    rendered = await compiled(url="http://a.test", body=body)(a_context())
    assert (dict(rendered.headers)[b"content-type"], rendered.body) == (kind, sent)


async def test_a_header_cannot_break_out_of_its_line():
    with pytest.raises(RenderError, match="line break or NUL"):
        await compiled("a\r\nb: c", url="http://a.test", headers={"X-A": "{{ id }}"})(a_context())


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://{{ request.json.host }}/a", "the host of a webhook's URL is fixed text"),
        ("https://hooks{{ 1 }}.test/a", "the host of a webhook's URL is fixed text"),
        ("https://a.test{{ request.path }}", "the host of a webhook's URL is fixed text"),
        ("{{ request.json.url }}", "begins with http:// or https://"),
        ("ftp://a.test/", "begins with http:// or https://"),
        ("https://user:secret@a.test/", "has a user part"),
        ("https://169.254.169.254/", "metadata"),
        ("https://a.test:99999/", "the port must be a number"),
    ],
)
def test_who_is_asked_is_fixed_when_it_is_saved(url, told):
    with pytest.raises(ConfigError, match=re.escape(told)) as error:
        compiled(url=url)
    assert str(error.value).startswith("pay: hooks.webhooks.0.url: ")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"method": "A B"}, "'A B' is not a method"),
        ({"headers": {"A B": "c"}}, "'A B' is not the name of a header"),
        ({"headers": {"Host": "b.test"}}, "'Host' is the gateway's to write"),
    ],
)
def test_what_cannot_be_sent_is_refused_when_it_is_saved(more, told):
    with pytest.raises(ConfigError, match=re.escape(told)):
        compiled(url="http://a.test", **more)


def a_definition(*urls):
    return MockDefinition.model_validate(
        {"id": "pay", "response": {"status": 200}, "hooks": {"webhooks": [{"url": url} for url in urls]}}
    )


def test_the_origins_of_definitions_are_known():
    definition = a_definition("http://A.test:80/x", "https://b.test/{{ id }}", "nonsense")
    assert webhook_origins([definition]) == {"http://a.test", "https://b.test"}
    assert webhook_origin("http://[::1]:81/x") == "http://[::1]:81"


async def test_only_what_the_operator_names_may_be_private(tmp_path):
    named = a_definition("http://127.0.0.1:81/x")
    services = LiveServices(Configuration(settings=Settings(home=str(tmp_path)), definitions=(named,)))
    assert services.upstream("http://127.0.0.1:81").name == "127.0.0.1:81"
    with pytest.raises(ConfigError, match="private, loopback or reserved"):
        services.upstream("http://127.0.0.1:82")
    await services.close()


# Sent.


async def test_a_webhook_is_sent():
    async with RawServer(saying(ok(b"thanks"), close=False)) as server, sending(server) as webhooks:
        assert webhooks.fire(a_webhook(server.port))
        assert webhooks.fire(a_webhook(server.port, b"/second"))
        await until(lambda: webhooks.sent == 2)
        assert server.heads[0] == b"POST /hook HTTP/1.1\r\nhost: up.test\r\ncontent-length: 2\r\n\r\n"
        assert counts(webhooks) == {"sent": 2}


async def test_a_webhook_waits_for_its_time():
    async with RawServer(saying(ok(b""))) as server, sending(server) as webhooks:
        began = asyncio.get_running_loop().time()
        webhooks.fire(a_webhook(server.port, delay_s=0.1))
        assert counts(webhooks) == {"waiting": 1}
        await until(lambda: webhooks.sent == 1)
        assert asyncio.get_running_loop().time() - began >= 0.1


async def answering_in_turn(*answers):
    left = list(answers)

    async def script(peer):
        await peer.head()
        await peer.say(left.pop(0))

    return script


def status(code, headers=b""):
    return b"HTTP/1.1 %d X\r\n%bContent-Length: 0\r\n\r\n" % (code, headers)


async def test_what_may_pass_is_tried_again():
    script = await answering_in_turn(status(503), b"", status(429), status(204))
    async with RawServer(script) as server, sending(server) as webhooks:
        webhooks.fire(a_webhook(server.port, retries=3))
        await until(lambda: webhooks.sent + webhooks.failed == 1)
        assert (counts(webhooks), len(server.heads)) == ({"sent": 1}, 4)


async def test_it_is_not_tried_for_ever():
    async with RawServer(saying(status(500))) as server, sending(server) as webhooks:
        webhooks.fire(a_webhook(server.port, retries=2))
        await until(lambda: webhooks.failed == 1)
        assert (counts(webhooks), len(server.heads)) == ({"failed": 1}, 3)


@pytest.mark.parametrize("answer", [status(404), status(302, b"Location: http://127.0.0.1:1/\r\n")])
async def test_what_will_not_pass_is_tried_once(answer, caplog):
    async with RawServer(saying(answer)) as server, sending(server) as webhooks:
        webhooks.fire(a_webhook(server.port, b"/secret", retries=5))
        await until(lambda: webhooks.failed == 1)
        assert (counts(webhooks), len(server.heads)) == ({"failed": 1}, 1)
    assert "could not be delivered" in caplog.text
    assert "secret" not in caplog.text + str([record.__dict__ for record in caplog.records])


async def test_a_target_that_is_not_allowed_is_a_failure():
    def denied(origin):
        raise ConfigError("not allowed")

    webhooks = Webhooks(denied)
    webhooks.fire(a_webhook(1, retries=5))
    await until(lambda: webhooks.failed == 1)
    await webhooks.close()


async def test_a_try_ends_in_time():
    async with RawServer(silent) as server, sending(server, try_s=0.05) as webhooks:
        webhooks.fire(a_webhook(server.port, retries=1))
        await until(lambda: webhooks.failed == 1)
        assert len(server.heads) == 2


async def silent(peer):
    await peer.head()
    await asyncio.Event().wait()


def memory_kib():
    """Give what this process takes now; where the system does not tell, the most that it took."""
    try:
        return int(re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def test_a_target_that_never_answers_costs_a_bounded_amount():
    async with RawServer(silent) as server, sending(server) as webhooks:
        before_kib = memory_kib()
        taken = 0
        for number in range(10_000):
            taken += webhooks.fire(a_webhook(server.port, b"/%d" % number))
            if number % 100 == 0:
                await asyncio.sleep(0)
        await until(lambda: len(server.heads) == 32)
        grown_kib = memory_kib() - before_kib
        print(f"memory grew by {grown_kib} KiB")
        assert counts(webhooks) == {"in_flight": 32, "waiting": 1000, "dropped": 8968}
        assert (taken, server.connections) == (1032, 32)
        assert grown_kib < 50 << 10


async def test_what_is_tried_again_keeps_to_the_bound():
    async with RawServer(saying(status(500))) as server, sending(server, in_flight=2, queue=3, backoff_s=9) as webhooks:
        assert [webhooks.fire(a_webhook(server.port, retries=9)) for _ in range(6)] == [True] * 5 + [False]
        await until(lambda: counts(webhooks).get("in_flight") is None)
        assert counts(webhooks) == {"waiting": 3, "failed": 2, "dropped": 1}


# At the end.


async def test_closing_lets_be_sent_what_is_there():
    async with RawServer(saying(ok(b""))) as server, sending(server, in_flight=2) as webhooks:
        for _ in range(10):
            webhooks.fire(a_webhook(server.port))
        webhooks.fire(a_webhook(server.port, delay_s=0.05))
        await webhooks.close(drain_s=10)
        assert counts(webhooks) == {"sent": 11}
        assert not webhooks.fire(a_webhook(server.port))


async def test_closing_does_not_wait_for_ever():
    async with RawServer(silent) as server, sending(server, in_flight=2) as webhooks:
        for _ in range(5):
            webhooks.fire(a_webhook(server.port))
        webhooks.fire(a_webhook(server.port, delay_s=100))
        await webhooks.close(drain_s=0.05)
        assert counts(webhooks) == {"dropped": 6}
