"""The vault: what opens it, what does not, and that no damage passes for anything else."""

import hashlib
import inspect
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import cbor2
import pytest

from app.security.attempts import attempts_path
from app.security.errors import (
    NewerVaultError,
    RecoveryKeyMistypedError,
    VaultClosedError,
    VaultDamagedError,
    VaultExistsError,
    VaultMismatchError,
    VaultMissingError,
    VaultNotWrittenError,
    WrongPassphraseError,
    WrongRecoveryKeyError,
)
from app.security.recovery_key import make_recovery_key
from app.security.slots import Argon2Parameters
from app.security.vault import (
    OpenVault,
    change_passphrase,
    create_vault,
    open_with_passphrase,
    open_with_recovery_key,
)
from app.security.vault_file import decode_vault, encode_vault, read_vault, write_vault
from tests.support.keys import CHEAP, PASSPHRASE, RandomBytes, SetClock, make_vault

NEW = "ganz andere sechs Wörter als vorhin"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault.kim"


def resealed(body: dict[str, object], version: int = 1) -> bytes:
    """A vault file with a valid checksum around any body."""
    head = b"KIMVAULT" + version.to_bytes(2, "big") + cbor2.dumps(body, canonical=True)
    return head + hashlib.sha256(head).digest()


def body_of(path: Path) -> dict[str, dict[str, object]]:
    body: dict[str, dict[str, object]] = cbor2.loads(path.read_bytes()[10:-32])
    return body


def test_open_by_passphrase_and_recovery_key_gives_the_same_keys(path: Path) -> None:
    created, printed = make_vault(path)
    by_passphrase = open_with_passphrase(path, PASSPHRASE, SetClock())
    by_paper = open_with_recovery_key(path, printed.lower())
    keys = [
        (vault.database_key, vault.derive(b"attachments")) for vault in (created, by_passphrase, by_paper)
    ]
    assert keys[0] == keys[1] == keys[2]


def test_derived_keys_differ_by_purpose_and_vault(tmp_path: Path) -> None:
    vaults = [make_vault(tmp_path / name)[0] for name in ("a", "b")]
    keys = [vault.derive(purpose) for vault in vaults for purpose in (b"database", b"attachments")]
    assert [len(key) for key in keys] == [32] * 4
    assert len(set(keys)) == 4


def test_derived_key_is_the_same_in_every_version() -> None:
    # A changed derivation would strand every database.
    vault = OpenVault(bytes(16), bytearray(range(32)))
    assert vault.database_key.hex() == "b331ed796b0783e66d6ea76bc5cccc3a20209554241164230c545b43c0ea8f9e"


def test_create_at_the_production_cost_by_default(path: Path) -> None:
    vault, _ = create_vault(path, PASSPHRASE, RandomBytes())
    cost = read_vault(path).passphrase.cost
    assert cost == Argon2Parameters(memory_kib=64 * 1024, iterations=3, lanes=4)
    assert inspect.signature(change_passphrase).parameters["cost"].default == cost
    assert open_with_passphrase(path, PASSPHRASE, SetClock()).database_key == vault.database_key


def test_create_leaves_an_existing_vault_alone(path: Path) -> None:
    make_vault(path)
    before = path.read_bytes()
    with pytest.raises(VaultExistsError):
        make_vault(path)
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_create_for_the_owner_only(path: Path) -> None:
    make_vault(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_open_wrong_passphrase_changes_nothing(path: Path) -> None:
    make_vault(path)
    before = path.read_bytes()
    with pytest.raises(WrongPassphraseError) as caught:
        open_with_passphrase(path, NEW, SetClock())
    assert caught.value.params == {"free_tries": 4, "wait_seconds": 0}
    assert path.read_bytes() == before


def test_open_passphrase_typed_on_another_keyboard(path: Path) -> None:
    create_vault(path, "f\u00fcnf W\u00f6rter gen\u00fcgen nicht", RandomBytes(), CHEAP)
    opened = open_with_passphrase(path, "fu\u0308nf Wo\u0308rter genu\u0308gen nicht", SetClock())
    assert opened.is_open


def test_open_with_the_recovery_key_of_another_vault(path: Path) -> None:
    make_vault(path)
    with pytest.raises(WrongRecoveryKeyError):
        open_with_recovery_key(path, make_recovery_key(RandomBytes()).text)


def test_open_with_a_mistyped_recovery_key(path: Path) -> None:
    _, printed = make_vault(path)
    wrong = ("1" if printed[0] != "1" else "2") + printed[1:]
    with pytest.raises(RecoveryKeyMistypedError):
        open_with_recovery_key(path, wrong)


def test_open_missing_vault(path: Path) -> None:
    with pytest.raises(VaultMissingError):
        open_with_passphrase(path, PASSPHRASE, SetClock())


def test_change_keeps_data_key_and_recovery_key(path: Path) -> None:
    vault, printed = make_vault(path)
    clock = SetClock()
    change_passphrase(path, vault, NEW, RandomBytes(), clock, CHEAP)
    assert open_with_passphrase(path, NEW, clock).database_key == vault.database_key
    assert open_with_recovery_key(path, printed).database_key == vault.database_key
    with pytest.raises(WrongPassphraseError):
        open_with_passphrase(path, PASSPHRASE, clock)


def test_change_by_the_keys_of_another_vault_refused(tmp_path: Path) -> None:
    make_vault(tmp_path / "mine")
    before = (tmp_path / "mine").read_bytes()
    other, _ = make_vault(tmp_path / "other")
    with pytest.raises(VaultMismatchError):
        change_passphrase(tmp_path / "mine", other, NEW, RandomBytes(), SetClock(), CHEAP)
    assert (tmp_path / "mine").read_bytes() == before


def test_change_over_a_half_written_file_of_an_earlier_crash(path: Path) -> None:
    vault, _ = make_vault(path)
    path.with_name(path.name + ".new").write_bytes(b"KIMVAULT" + b"x" * 5000)
    change_passphrase(path, vault, NEW, RandomBytes(), SetClock(), CHEAP)
    assert open_with_passphrase(path, NEW, SetClock()).is_open


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX resource limits")
def test_change_on_a_full_disk_leaves_the_old_vault(path: Path) -> None:
    make_vault(path)
    script = f"""
import resource, signal
from pathlib import Path
from app.security.errors import VaultNotWrittenError
from app.security.vault import change_passphrase, open_with_passphrase
from tests.support.keys import CHEAP, PASSPHRASE, RandomBytes, SetClock
path = Path({str(path)!r})
vault = open_with_passphrase(path, PASSPHRASE, SetClock())
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    change_passphrase(path, vault, "neu", RandomBytes(), SetClock(), CHEAP)
except VaultNotWrittenError as error:
    print(error.params["reason"])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in {"ENOSPC", "EFBIG"}
    assert open_with_passphrase(path, PASSPHRASE, SetClock()).is_open


def test_write_into_a_folder_that_is_gone(path: Path) -> None:
    make_vault(path)
    file = read_vault(path)
    with pytest.raises(VaultNotWrittenError) as caught:
        write_vault(path.parent / "gone" / "vault.kim", file)
    assert caught.value.params == {"reason": "ENOENT"}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_change_killed_at_any_moment_leaves_a_vault_that_opens(path: Path) -> None:
    vault, printed = make_vault(path)
    script = f"""
from pathlib import Path
from app.security.vault import change_passphrase, open_with_recovery_key
from tests.support.keys import CHEAP, PASSPHRASE, RandomBytes, SetClock
path = Path({str(path)!r})
vault = open_with_recovery_key(path, {printed!r})
print("ready", flush=True)
while True:
    change_passphrase(path, vault, {NEW!r}, RandomBytes(), SetClock(), CHEAP)
    change_passphrase(path, vault, PASSPHRASE, RandomBytes(), SetClock(), CHEAP)
"""
    rng = random.Random(5)
    for _ in range(8):
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(rng.uniform(0.0, 0.03))
            child.send_signal(signal.SIGKILL)
        assert database_key_by_either(path) == vault.database_key


def database_key_by_either(path: Path) -> bytes:
    try:
        return open_with_passphrase(path, PASSPHRASE, SetClock()).database_key
    except WrongPassphraseError:
        return open_with_passphrase(path, NEW, SetClock()).database_key


def test_decode_a_flipped_bit_anywhere_is_damage(path: Path) -> None:
    make_vault(path)
    data = path.read_bytes()
    for place in range(len(data)):
        flipped = bytearray(data)
        flipped[place] ^= 1 << (place % 8)
        with pytest.raises(VaultDamagedError):
            decode_vault(bytes(flipped))


def test_decode_a_shortened_file_is_damage(path: Path) -> None:
    make_vault(path)
    data = path.read_bytes()
    for length in range(len(data)):
        with pytest.raises(VaultDamagedError):
            decode_vault(data[:length])


def test_open_damaged_vault_counts_no_try(path: Path) -> None:
    make_vault(path)
    path.write_bytes(path.read_bytes()[:-1] + b"\0\0")
    with pytest.raises(VaultDamagedError):
        open_with_passphrase(path, PASSPHRASE, SetClock())
    assert not attempts_path(path).exists()


def test_open_newer_vault_untouched(path: Path) -> None:
    path.write_bytes(resealed({"anything": "new"}, version=2))
    before = path.read_bytes()
    with pytest.raises(NewerVaultError) as caught:
        open_with_passphrase(path, PASSPHRASE, SetClock())
    assert caught.value.params == {"version": 2}
    assert path.read_bytes() == before
    assert not attempts_path(path).exists()


def test_open_unknown_suite_is_newer_not_damaged(path: Path) -> None:
    make_vault(path)
    body = body_of(path)
    body["passphrase"]["suite"] = "argon3/aes-512"
    path.write_bytes(resealed(dict(body)))
    with pytest.raises(NewerVaultError):
        open_with_passphrase(path, PASSPHRASE, SetClock())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cost", [2**40, 3, 4]),
        ("cost", [32, 1]),
        ("cost", [64.0, 1, 1]),
        ("cost", "many"),
        ("salt", b"short"),
        ("salt", "x" * 16),
        ("salt", 16),
        ("wrapped", None),
        ("wrapped", "x" * 48),
    ],
)
def test_open_impossible_fields_are_damage(path: Path, field: str, value: object) -> None:
    make_vault(path)
    body = body_of(path)
    body["passphrase"][field] = value
    path.write_bytes(resealed(dict(body)))
    with pytest.raises(VaultDamagedError):
        open_with_passphrase(path, PASSPHRASE, SetClock())


@pytest.mark.parametrize("field", ["id", "check"])
@pytest.mark.parametrize("value", [1 << 40, "text", None, [1, 2]])
def test_decode_what_is_no_byte_string_is_damage(path: Path, field: str, value: object) -> None:
    make_vault(path)
    with pytest.raises(VaultDamagedError):
        decode_vault(resealed({**body_of(path), field: value}))


def test_open_slot_made_cheaper_by_an_attacker_opens_nothing(path: Path) -> None:
    make_vault(path)
    body = body_of(path)
    body["passphrase"]["cost"] = [16, 1, 1]
    path.write_bytes(resealed(dict(body)))
    with pytest.raises(WrongPassphraseError):
        open_with_passphrase(path, PASSPHRASE, SetClock())


def test_encode_decode_gives_the_same(path: Path) -> None:
    make_vault(path)
    data = path.read_bytes()
    assert encode_vault(decode_vault(data)) == data


def test_file_holds_neither_key_nor_passphrase(path: Path) -> None:
    vault, _ = make_vault(path)
    data = path.read_bytes()
    assert data.count(vault.database_key) == 0
    assert data.count(PASSPHRASE.encode()) == 0


def test_close_overwrites_the_key_and_refuses_afterwards() -> None:
    key = bytearray(os.urandom(32))
    with OpenVault(bytes(16), key) as vault:
        assert vault.is_open
    assert key == bytearray(32)
    with pytest.raises(VaultClosedError):
        vault.database_key  # noqa: B018 - the property is the call under test


def test_change_with_closed_keys_refused(path: Path) -> None:
    vault, _ = make_vault(path)
    before = path.read_bytes()
    vault.close()
    with pytest.raises(VaultClosedError):
        change_passphrase(path, vault, NEW, RandomBytes(), SetClock(), CHEAP)
    assert path.read_bytes() == before
