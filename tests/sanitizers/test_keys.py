from __future__ import annotations

import base64
import stat

import pytest

from sanitizers.errors import ProfileError
from sanitizers.keys import VARIABLE, key_id, load, load_or_create

KEY = bytes(range(32))


def test_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    key = load_or_create(tmp_path / "home", {})
    assert len(key) == 32
    assert load_or_create(tmp_path / "home", {}) == key
    assert stat.S_IMODE((tmp_path / "home" / "sanitize.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["sanitize.key"]


@pytest.mark.parametrize(
    "text", [KEY.hex(), base64.b64encode(KEY).decode(), base64.urlsafe_b64encode(KEY).decode().rstrip("=")]
)
def test_a_key_of_the_environment_goes_first_and_is_written_nowhere(tmp_path, text):
    assert load_or_create(tmp_path, {VARIABLE: text}) == KEY
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["secret", "00" * 31, "not hex at all!"])
def test_what_is_no_key_is_refused_without_being_shown(tmp_path, text):
    with pytest.raises(ProfileError, match="32 bytes") as refused:
        load_or_create(tmp_path, {VARIABLE: text})
    assert text not in str(refused.value)


def test_a_damaged_key_file_is_refused_and_kept(tmp_path):
    (tmp_path / "sanitize.key").write_bytes(b"\xff\xfe")
    with pytest.raises(ProfileError, match=r"sanitize\.key"):
        load_or_create(tmp_path, {})
    assert (tmp_path / "sanitize.key").read_bytes() == b"\xff\xfe"


def test_the_key_that_another_process_made_in_the_meantime_is_taken(tmp_path, monkeypatch):
    import os

    real = os.link

    def late(source, target):
        (tmp_path / "sanitize.key").write_text(KEY.hex())
        return real(source, target)

    monkeypatch.setattr(os, "link", late)
    assert load_or_create(tmp_path, {}) == KEY


def test_an_id_names_a_key_without_showing_it():
    assert key_id(KEY) == key_id(KEY)
    assert key_id(KEY) != key_id(b"k" * 32)
    assert len(key_id(KEY)) == 8
    assert key_id(KEY) not in KEY.hex()


def test_loading_makes_no_key(tmp_path):
    assert load(tmp_path, {}) is None
    assert list(tmp_path.iterdir()) == []
    made = load_or_create(tmp_path, {})
    assert load(tmp_path, {}) == made
