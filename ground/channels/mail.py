"""Mail by SMTP: the words of the letter, as text, to one address, under a Message-ID that a second attempt repeats."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import SplitResult, unquote, urlsplit

from ground.channels.message import Message, Undelivered

SECONDS = 10
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
LASTING = range(500, 600)  # RFC 5321, 4.2.1: permanent negative completion


class Mail:
    """A mail server: `smtps://user:password@host:465`, `smtp+starttls://…`, or `smtp://host:25` in one's own net."""

    name = "mail"

    def __init__(self, url: str, sender: str) -> None:
        self._at: SplitResult = urlsplit(url)
        self._sender = sender

    def where(self) -> str:
        """Server and sender, without the password."""
        return f"{self._at.scheme}://{self._at.hostname}:{self._port} · {self._sender}"

    def carry(self, message: Message) -> None:
        """Hand it to the server, which answers for the rest of the way."""
        try:
            with self._session() as server:
                server.send_message(self._written(message), self._sender, [message.to])
        except smtplib.SMTPRecipientsRefused as refused:
            status = next(iter(refused.recipients.values()))[0]
            raise self._undelivered(f"answered {status}", lasting=status in LASTING) from refused
        except smtplib.SMTPResponseException as refused:
            raise self._undelivered(f"answered {refused.smtp_code}") from refused
        except (smtplib.SMTPException, OSError) as failure:
            raise self._undelivered(type(failure).__name__) from failure

    @property
    def _port(self) -> int:
        return self._at.port or PORTS[self._at.scheme]

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        host = self._at.hostname or ""
        if self._at.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, self._port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, self._port, timeout=SECONDS)
        with server:
            if self._at.scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if self._at.username:
                server.login(unquote(self._at.username), unquote(self._at.password or ""))
            yield server

    def _written(self, message: Message) -> EmailMessage:
        """No line break of a subject or a name becomes a header: `EmailMessage` refuses it, and here there is none."""
        mail = EmailMessage()
        mail["From"] = self._sender
        mail["To"] = Address(display_name=" ".join(message.name.split()), addr_spec=message.to)
        mail["Subject"] = " ".join(message.subject.split())
        mail["Date"] = format_datetime(message.at)
        mail["Message-ID"] = f"<{message.key}@{self._sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday notes do not answer it
        mail.set_content(message.body or message.subject)
        return mail

    def _undelivered(self, reason: str, *, lasting: bool = False) -> Undelivered:
        return Undelivered(channel=self.name, reason=reason, lasting=lasting)
