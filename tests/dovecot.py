"""A private Dovecot (IMAP and LMTP) as a child of the tests, on free ports of loopback."""

import grp
import os
import pwd
import shutil
import smtplib
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from imap_tools import MailBoxUnencrypted

from services.console.private_broker import free_ports

PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
PASSWORD = "prova"
DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp
{tls}
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 0
first_valid_gid = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


TLS = """ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}"""


class DovecotUnavailable(Exception):
    """Dovecot is not installed, or does not start; the message says why."""


class PrivateDovecot:
    """One server; any user with the password ``prova`` has a mailbox.

    Args:
        certificate: PEM files of its certificate and key: it speaks IMAPS, too.
    """

    def __init__(self, certificate: tuple[Path, Path] | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="comunita-dovecot-"))
        self.imap, self.lmtp, imaps = free_ports(3)
        self.imaps = imaps if certificate else 0
        tls = certificate and TLS.format(certificate=certificate[0], key=certificate[1])
        uid, gid = os.getuid() or 8, os.getgid() or 8
        root = os.getuid() == 0
        configuration = CONFIGURATION.format(
            folder=self.folder,
            user="dovecot" if root else pwd.getpwuid(uid).pw_name,
            group="dovecot" if root else grp.getgrgid(gid).gr_name,
            uid=uid,
            gid=gid,
            imap=self.imap,
            lmtp=self.lmtp,
            imaps=self.imaps,
            tls=tls or "ssl = no",
            password=PASSWORD,
        )
        for name in ("run", "state", "mail", "home"):
            (self.folder / name).mkdir()
        if root:
            self.folder.chmod(0o755)
            for name in ("mail", "home"):
                os.chown(self.folder / name, uid, gid)
        (self.folder / "dovecot.conf").write_text(configuration)
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.discard()

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            DovecotUnavailable: it is not installed, or ended.
        """
        if not Path(PROGRAM).exists():
            raise DovecotUnavailable(
                "dovecot is not installed (Debian: dovecot-imapd, dovecot-lmtpd)"
            )
        self._child = subprocess.Popen(
            [*DIES_WITH_US, PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 20
        while True:
            with suppress(OSError), self.open("nobody"):
                return
            if self._child.poll() is not None or time.monotonic() > end:
                raise DovecotUnavailable((self.folder / "dovecot.log").read_text()[-2000:])
            time.sleep(0.05)

    def stop(self) -> None:
        """End it; its mailboxes stay."""
        if self._child is not None:
            self._child.terminate()
            self._child.wait(20)

    def discard(self) -> None:
        """End it, and nothing of it stays."""
        self.stop()
        shutil.rmtree(self.folder)

    def deliver(self, user: str, *mails: bytes) -> None:
        """Put *mails* into the mailbox of *user*, as a server that delivers does."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as client:
            for raw in mails:
                client.sendmail("prova@altrove.example", [user], raw)

    def open(self, user: str, folder: str = "INBOX") -> MailBoxUnencrypted:
        """The mailbox of *user*."""
        box = MailBoxUnencrypted("127.0.0.1", self.imap, timeout=20)
        box.login(user, PASSWORD, initial_folder=folder)
        return box

    def count(self, user: str, folder: str = "INBOX") -> int:
        """How many mails lie in *folder*."""
        with self.open(user) as box:
            if not box.folder.exists(folder):
                return 0
            return int(box.folder.status(folder)["MESSAGES"])
