from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor

from sanitizers.needles import Needles


def seeking(*secrets):
    needles = Needles()
    needles.add(secrets)
    return needles


def test_each_secret_is_found_by_any_variant():
    needles = seeking("abc123def456", "p&ss w/rd=1")
    assert needles.found(b"x abc123def456 y") == {"abc123def456"}
    assert needles.found(base64.b64encode(b"zz p&ss w/rd=1")) == {"p&ss w/rd=1"}
    assert needles.found(b"nothing here") == set()


def test_many_secrets_are_all_found():
    secrets = [f"secret-{n:05}-value" for n in range(500)]
    needles = Needles()
    for secret in secrets:
        needles.add([secret])
    assert needles.found("\n".join(secrets).encode()) == set(secrets)
    assert len(needles) == 500


def test_a_word_is_found_only_where_it_stands_alone():
    for count in (0, 60):
        needles = seeking("swordfish", *(f"other-{n}-value" for n in range(count)))
        assert needles.found(b"the swordfish.") == {"swordfish"}
        assert needles.found(b"swordfishing") == set()
        assert needles.found(b"xswordfish swordfish") == {"swordfish"}


def test_a_long_word_at_the_end_of_a_longer_one_is_not_found():
    assert seeking("abcdefghijklmnopqrstuvwxyzabcdef").found(b"x abcdefghijklmnopqrstuvwxyzabcdef y")


def test_the_domain_of_an_address_is_not_the_address():
    needles = Needles()
    needles.add(["garnet-opal-828@zephyr-meadow-4890.example"])
    assert not needles.found(
        b'{"host": "zephyr-meadow-4890.example", "id": "garnet-opal-828.zephyr-meadow-4890.example"}'
    )
    assert needles.found(b"to=garnet-opal-828%40zephyr-meadow-4890.example")
    assert needles.found(b'{"to": "garnet-opal-828@zephyr-meadow-4890.example"}')


def test_the_oldest_are_forgotten():
    needles = Needles(limit=50)
    for n in range(200):
        needles.add([f"secret-{n:05}-value"])
    assert len(needles) == 50
    assert needles.found(b"secret-00000-value secret-00199-value") == {"secret-00199-value"}


def test_searching_and_adding_at_once_is_safe():
    needles = Needles()

    def work(n):
        needles.add([f"secret-{n:05}-value"])
        return needles.found(f"secret-{n:05}-value".encode())

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(400)))


def test_needles_do_not_show_themselves():
    assert "abc123def456" not in repr(seeking("abc123def456"))
