from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sanitizers.vault import Learner, Vault

KEY = b"k" * 32


def test_distinct_values_get_distinct_stand_ins_even_where_they_are_few():
    vault = Vault(KEY)
    made = [vault.stand_in(f"{n:04}") for n in range(60)]
    assert len(set(made)) == 60


def test_a_stand_in_is_never_the_value():
    vault = Vault(KEY)
    assert all(vault.stand_in(str(n)) != str(n) for n in range(1000, 1080))


def test_a_stand_in_is_left_alone():
    vault = Vault(KEY)
    made = vault.stand_in("hunter2!Zq")
    assert vault.stand_in(made) == made
    assert vault.is_stand_in(made)


def test_a_learned_stand_in_is_left_alone_in_every_spelling():
    made = Vault(KEY).stand_in("+4915123456789")
    vault = Vault(KEY)
    Learner(vault).stand_in(made)
    assert vault.stand_in(made) == made
    assert vault.is_stand_in(f"{made[:3]} {made[3:]}")


def test_two_vaults_with_one_key_agree():
    assert Vault(KEY).stand_in("hunter2!Zq") == Vault(KEY).stand_in("hunter2!Zq")


def test_a_value_whose_stand_in_was_learned_is_recognised():
    made = Vault(KEY).stand_in("s3ss10n-9f8e7d6c")
    vault = Vault(KEY)
    assert vault.recognised("s3ss10n-9f8e7d6c") is None
    Learner(vault).told("otp", made)
    assert vault.recognised("s3ss10n-9f8e7d6c") is None
    Learner(vault).told("session", made)
    assert vault.recognised("s3ss10n-9f8e7d6c") == made
    assert vault.recognised("something-else-1") is None


def test_what_says_nothing_is_left_alone():
    assert Vault(KEY).stand_in("****") == "****"


def test_memory_is_bounded():
    vault = Vault(KEY, limit=100)
    for n in range(2000):
        vault.stand_in(f"value-{n}")
    for n in range(2000):
        vault.learn(f"learned-{n}")
    assert int(repr(vault).split("(")[1].split()[0]) <= 100
    assert "2000" not in repr(vault)


def test_threads_get_the_same_stand_ins():
    vault = Vault(KEY)
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda _: [vault.stand_in(f"value-{n}") for n in range(300)], range(4)))
    assert all(row == rows[0] for row in rows)


def test_a_vault_does_not_show_its_values():
    vault = Vault(KEY)
    vault.stand_in("hunter2!Zq")
    assert "hunter2" not in repr(vault)


def test_a_stand_in_is_known_as_stored_once_it_was_learned():
    made = Vault(KEY).stand_in("garnet-grove-7509")
    later = Vault(KEY)
    assert (later.has_learned, later.stored_stand_in("garnet-grove-7509")) == (False, None)
    later.learn(made)
    assert (later.has_learned, later.stored_stand_in("garnet-grove-7509")) == (True, made)
    assert later.stored_stand_in("willow-copper-1824") is None
