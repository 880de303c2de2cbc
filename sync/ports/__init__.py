"""What the engine needs from the store and the way to the relay: protocols that others fulfil."""

from sync.ports.incoming import MailboxIn
from sync.ports.keyring import Keyring
from sync.ports.outgoing import MailboxOut
from sync.ports.post import Post, PostOffice
from sync.ports.rounds import Rounds

__all__ = ["Keyring", "MailboxIn", "MailboxOut", "Post", "PostOffice", "Rounds"]
