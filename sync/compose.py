"""Builds a workplace from a home folder; nothing else but ui/bootstrap.py builds store and keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from app.domain.declarations import EMPLOYER
from app.domain.records import new_record
from app.security.errors import VaultMissingError
from app.security.identity import DeviceIdentity
from app.security.prekeys import generate_prekey, public_half
from app.security.recovery_key import RecoveryKey
from app.security.slots import STANDARD, Argon2Parameters
from app.security.vault import (
    OpenVault,
    change_passphrase,
    create_vault,
    open_with_passphrase,
    open_with_recovery_key,
)
from app.services import cases
from app.services.ports import Clock, Entropy
from app.storage.backup import BackupFolders, BackupSource, back_up_before_upgrade
from app.storage.connection import (
    Connection,
    integrity_check,
    open_reader,
    open_writer,
    refuse_damaged_log,
    translating_errors,
)
from app.storage.disk import explaining_disk
from app.storage.instance_lock import InstanceLock
from app.storage.keyring import SqlKeyring
from app.storage.mailbox import SqlPostOffice
from app.storage.migrate import migrate
from app.storage.store import Worker, open_store
from sync.carriers.http import RelayRefusedError, RelayUnreachableError
from sync.district.roster_shelf import parked_rosters, standing
from sync.district.rosters import AT_RELAY, keep_roster
from sync.district.safe_key import make_safe_key
from sync.engine import Engine
from sync.entry.applying import (
    Applying,
    DistrictSetUp,
    admitted_chain,
    found_district,
    make_request,
    open_invitation,
    own_device,
    post_request,
)
from sync.entry.enrolment import read_invitation
from sync.entry.enrolment_files import write_application
from sync.entry.joining import NotYetAdmittedError
from sync.folder.keys import put_folder_key
from sync.home import Home, HomeState
from sync.read_log.safe_seal import put_safe_seal
from sync.recovery.backups import Backups
from sync.roster import Device, Roster, decode_roster, encode_roster
from sync.sending.own_prekeys import keep_prekey, renew_prekey
from sync.workplace import Workplace

__all__ = [
    "DistrictSetUp",
    "HomeState",
    "RecoveryKey",
    "application_file",
    "apply_with_invitation",
    "examine",
    "finish_joining",
    "home_state",
    "locked",
    "opened",
    "set_up_district",
    "unlock",
    "unlock_with_recovery_key",
    "waiting_fingerprint",
]

_IDENTITY: Final = "identity"
_INVITATION: Final = "joining:invitation"
_PREKEY: Final = "joining:prekey"
BACKUP_KEY: Final = b"backup"


def home_state(home: Path) -> HomeState:
    """Tell whether there is nothing yet, an application that waits, or a store to unlock."""
    return Home(home).state()


def waiting_fingerprint(home: Path) -> str:
    """Give the six words of an application that waits, empty when none does."""
    return Home(home).fingerprint()


def set_up_district(
    home: Path,
    passphrase: str,
    setup: DistrictSetUp,
    *,
    clock: Clock,
    entropy: Entropy,
    cost: Argon2Parameters = STANDARD,
) -> tuple[Workplace, RecoveryKey]:
    """Make keys, store and the first roster of a district, with or without network.

    The recovery key is given once, to be printed; so is the offline keeper key, as the workplace's
    `offline_key`. Raises VaultExistsError, SecondInstanceError,
    VaultNotWrittenError, DiskFullError; then nothing is left behind.
    """
    with _making(Home(home)) as (folder, stack):
        vault, recovery_key = create_vault(folder.vault, passphrase, entropy, cost)
        stack.callback(vault.close)
        identity = DeviceIdentity.create(entropy)
        printed = make_safe_key(entropy)
        keys_named = (identity.public_bytes, printed.public)
        roster = found_district(setup, *keys_named, identity.sign, clock.now().date())
        with _writing(folder, vault) as keys:
            keys.put_own_key(_IDENTITY, identity.private_bytes)
            keep_roster(keys, roster, encode_roster(roster))
            keys.put_own_key(AT_RELAY, bytes(1))
        place = opened(folder, vault, clock, entropy, stack)
        place.offline_key = printed.text
        with place.session.store.unit_of_work() as work:
            put_safe_seal(work, roster.district, printed)
        _first_employer(place, setup)
        folder.note_ready()
        _publish_if_reachable(place, setup)
    return place, recovery_key


def apply_with_invitation(
    home: Path,
    passphrase: str,
    invitation: bytes,
    *,
    clock: Clock,
    entropy: Entropy,
    cost: Argon2Parameters = STANDARD,
    by_file: bool = False,
) -> tuple[str, RecoveryKey]:
    """Make keys and send the request; gives the six words to compare, and the recovery key to print.

    `by_file`: the relay is not asked; `application_file` gives what the keeper is to be handed.
    Raises InvitationError, RelayUnreachableError, RelayRefusedError, VaultExistsError; then nothing is
    left behind.
    """
    read = open_invitation(invitation, clock.now().date())
    with _making(Home(home)) as (folder, stack):
        vault, recovery_key = create_vault(folder.vault, passphrase, entropy, cost)
        stack.callback(vault.close)
        identity = DeviceIdentity.create(entropy)
        prekey = generate_prekey(entropy)
        with _writing(folder, vault) as keys:
            keys.put_own_key(_IDENTITY, identity.private_bytes)
            keys.put_own_key(_PREKEY, prekey)
            keys.put_own_key(_INVITATION, invitation)
        applicant = Applying(identity.public_bytes, public_half(prekey), identity.sign)
        request, words = make_request(read, applicant)
        if not by_file:
            post_request(read, request)
        folder.note_applied(words)
        stack.close()
    return words, recovery_key


def application_file(home: Path, passphrase: str, *, clock: Clock) -> bytes:
    """Give the application that waits as a file for the keeper; raises NotYetAdmittedError without one."""
    with locked(Home(home)) as (folder, stack):
        vault = open_with_passphrase(folder.vault, passphrase, clock)
        stack.callback(vault.close)
        connection = open_writer(folder.database, vault.database_key)
        stack.callback(connection.close)
        keys = SqlKeyring(connection)
        private, prekey, content = (keys.own_key(name) for name in (_IDENTITY, _PREKEY, _INVITATION))
        stack.close()
    if private is None or prekey is None or content is None:
        raise NotYetAdmittedError
    identity = DeviceIdentity(private)
    applicant = Applying(identity.public_bytes, public_half(prekey), identity.sign)
    return write_application(make_request(read_invitation(content.decode()), applicant)[0])


def finish_joining(
    home: Path, passphrase: str, *, clock: Clock, entropy: Entropy, admission: bytes | None = None
) -> Workplace:
    """Open the workplace once a keeper admitted; raises NotYetAdmittedError until then.

    `admission`: the keeper's file, instead of the relay. Raises EnrolmentFileError for another file,
    WrongPassphraseError, TooManyTriesError, SecondInstanceError, RelayUnreachableError.
    """
    with locked(Home(home)) as (folder, stack):
        vault = open_with_passphrase(folder.vault, passphrase, clock)
        stack.callback(vault.close)
        _take_admission(folder, vault, admission)
        folder.note_ready()
        return opened(folder, vault, clock, entropy, stack)


def unlock(home: Path, passphrase: str, *, clock: Clock, entropy: Entropy) -> Workplace:
    """Open the workplace in a new session.

    Raises WrongPassphraseError, TooManyTriesError, SecondInstanceError, NotYetAdmittedError, and what
    `open_store` raises for a damaged or newer database.
    """
    with locked(Home(home)) as (folder, stack):
        if folder.state() is HomeState.APPLIED:
            raise NotYetAdmittedError
        vault = open_with_passphrase(folder.vault, passphrase, clock)
        stack.callback(vault.close)
        return opened(folder, vault, clock, entropy, stack)


def unlock_with_recovery_key(
    home: Path,
    recovery_key_text: str,
    new_passphrase: str,
    *,
    clock: Clock,
    entropy: Entropy,
    cost: Argon2Parameters = STANDARD,
) -> Workplace:
    """Open the workplace with the printed key, under a new passphrase from now on.

    Raises WrongRecoveryKeyError and what `read_recovery_key` raises, and as `unlock`.
    """
    with locked(Home(home)) as (folder, stack):
        if folder.state() is HomeState.APPLIED:
            raise NotYetAdmittedError
        vault = open_with_recovery_key(folder.vault, recovery_key_text)
        stack.callback(vault.close)
        change_passphrase(folder.vault, vault, new_passphrase, entropy, clock, cost)
        return opened(folder, vault, clock, entropy, stack)


def examine(home: Path, passphrase: str, *, clock: Clock) -> None:
    """Check keys and database page by page; raises what is wrong, changes nothing."""
    with locked(Home(home)) as (folder, stack):
        vault = open_with_passphrase(folder.vault, passphrase, clock)
        stack.callback(vault.close)
        refuse_damaged_log(folder.database)
        connection = open_reader(folder.database, vault.database_key)
        stack.callback(connection.close)
        integrity_check(connection)
        stack.close()


@contextmanager
def locked(home: Home) -> Iterator[tuple[Home, ExitStack]]:
    """Hold the home; on any error, a disk's explained, what the stack holds is let go of, else kept open."""
    stack = ExitStack()
    with explaining_disk():
        home.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = InstanceLock(home.database)
        lock.take()
        stack.callback(lock.release)
        try:
            home.restoring.settle()
            yield home, stack
        except BaseException:
            stack.close()
            raise


@contextmanager
def _making(home: Home) -> Iterator[tuple[Home, ExitStack]]:
    """Hold a home in which keys and store are made; on any error what was made is removed again."""
    with locked(home) as (folder, stack):
        if folder.has_lost_its_keys:
            raise VaultMissingError
        folder.begin()
        mine = not folder.vault.exists()
        try:
            yield folder, stack
        except BaseException:
            stack.close()
            if mine:
                folder.clear()
            raise


@contextmanager
def _writing(home: Home, vault: OpenVault) -> Iterator[SqlKeyring]:
    """Write keys into a store that has no worker yet, in one transaction."""
    connection = open_writer(home.database, vault.database_key, create=True)
    try:
        with translating_errors():
            migrate(connection)
            connection.execute("BEGIN IMMEDIATE")
            yield SqlKeyring(connection)
            connection.execute("COMMIT")
    finally:
        connection.close()


def opened(home: Home, vault: OpenVault, clock: Clock, entropy: Entropy, stack: ExitStack) -> Workplace:
    """Open the store of a home in a new session; what is to be let go of at the end goes on `stack`."""
    identity, roster, device = _who(home, vault)
    member = roster.member(device.member)
    worker = Worker(device.id, device.member, member is not None and member.cleared)
    source = _backup_source(home, vault, roster, device)
    back_up_before_upgrade(source, home.backups, int(clock.now().timestamp() * 1000))
    store = open_store(home.database, vault.database_key, worker, clock, entropy)
    stack.callback(store.close)
    engine = Engine(
        office=SqlPostOffice(store),
        clock=clock,
        entropy=entropy,
        sign=identity.sign,
        roster=roster,
        index=device.index,
        new_prekey=lambda: _new_prekey(entropy),
    )
    with engine.office.transaction() as post:
        promised = post.keys.own_key(_PREKEY)
        if promised is not None:
            keep_prekey(engine, post, promised, public_half(promised))
            post.keys.drop_own_key(_PREKEY)
        renew_prekey(engine, post)
        if parked_rosters(post):
            engine.roster = standing(post, identity.public_bytes).roster
    backups = Backups(engine, BackupFolders(source), home.backups)
    return Workplace(engine, store, stack.close, backups, cleared=worker.cleared)


def _backup_source(home: Home, vault: OpenVault, roster: Roster, device: Device) -> BackupSource:
    return BackupSource(
        database=home.database,
        vault=home.vault,
        key=vault.database_key,
        header_key=vault.derive(BACKUP_KEY),
        district=roster.district,
        device=device.index,
        code=roster.code,
    )


def _who(home: Home, vault: OpenVault) -> tuple[DeviceIdentity, Roster, Device]:
    connection = open_writer(home.database, vault.database_key)
    try:
        with translating_errors():
            return _identity(connection)
    finally:
        connection.close()


def _identity(connection: Connection) -> tuple[DeviceIdentity, Roster, Device]:
    keys = SqlKeyring(connection)
    private, rosters = keys.own_key(_IDENTITY), keys.rosters()
    if private is None or not rosters:
        raise NotYetAdmittedError
    identity = DeviceIdentity(private)
    roster = decode_roster(rosters[-1])
    return identity, roster, own_device(roster, identity.public_bytes)


def _new_prekey(entropy: Entropy) -> tuple[bytes, bytes]:
    private = generate_prekey(entropy)
    return private, public_half(private)


def _first_employer(place: Workplace, setup: DistrictSetUp) -> None:
    """Write the employer's first record, so that papers print before more is entered, and the folder key."""
    form = new_record(EMPLOYER, employer_key=setup.employer, employer_name=setup.employer)
    cases.save_record(place.session, None, form.edited(joint_controller=setup.district_name))
    put_folder_key(place.session)


def _publish_if_reachable(place: Workplace, setup: DistrictSetUp) -> None:
    """Tell the relay of the district; without network the first round does."""
    if not setup.relay_address:
        return
    try:
        place.publish_roster()
    except (RelayUnreachableError, RelayRefusedError):
        return


def _take_admission(home: Home, vault: OpenVault, admission: bytes | None) -> None:
    """Fetch the rosters, or take them from a file, and keep them once they name this device."""
    connection = open_writer(home.database, vault.database_key)
    try:
        keys = SqlKeyring(connection)
        private, content = keys.own_key(_IDENTITY), keys.own_key(_INVITATION)
    finally:
        connection.close()
    if private is None or content is None:
        return  # killed after the rosters were kept: they name this device
    invitation = read_invitation(content.decode())
    public = DeviceIdentity(private).public_bytes
    chain = admitted_chain(invitation, public, admission)
    with _writing(home, vault) as keyring:
        for roster, sealed in chain:
            keep_roster(keyring, roster, sealed)
        keyring.drop_own_key(_INVITATION)
