"""Alarms by mail."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from scrapy.settings import BaseSettings

from newscrawl.extensions.alarm_action import AlarmAction
from newscrawl.verdict.notice import Notice

PORTS = range(1, 65536)


@dataclass(frozen=True, slots=True)
class Mailing:
    """Spidermon's settings of mail: ``SPIDERMON_SMTP_*`` and ``SPIDERMON_EMAIL_*``."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    tls: bool
    sender: str
    to: tuple[str, ...]


class MailAction(AlarmAction):
    """Sends one plain mail by SMTP.

    Spidermon's own action needs an extra with the libraries of other services, builds on
    ``scrapy.mail``, which Scrapy gives up, and puts the source of the mail into its body.
    """

    def __init__(self, mailing: Mailing | None = None) -> None:
        super().__init__()
        self._mailing = mailing

    @classmethod
    def from_crawler_kwargs(cls, crawler: Any) -> dict[str, Any]:
        return {"mailing": mailing_of(crawler.settings)}

    @property
    def receiver(self) -> str:
        return f"{', '.join(self._mailing.to)} by {self._mailing.host}" if self._mailing else ""

    def send(self, notice: Notice) -> None:
        assert self._mailing is not None
        with self._connected(self._mailing) as server:
            refused = server.send_message(_message(notice, self._mailing))
        if refused:
            raise OSError(f"refused: {', '.join(refused)}")

    def _connected(self, mailing: Mailing) -> smtplib.SMTP:
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if mailing.tls:
            server = smtplib.SMTP_SSL(
                mailing.host, mailing.port, timeout=self.TIMEOUT, context=context
            )
        else:
            server = smtplib.SMTP(mailing.host, mailing.port, timeout=self.TIMEOUT)
        try:
            if mailing.starttls:
                server.starttls(context=context)
            if mailing.user:
                server.login(mailing.user, mailing.password)
        except BaseException:
            server.close()
            raise
        return server


def _message(notice: Notice, mailing: Mailing) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = notice.subject
    message["From"] = mailing.sender
    message["To"] = ", ".join(mailing.to)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="newscrawl.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.text)
    return message


def mailing_of(settings: BaseSettings) -> Mailing | None:
    """Return where mail goes, ``None`` if no setting says so.

    Raises:
        ValueError: the settings do not suffice, contradict each other, or would send a
            password that anybody on the way can read.
    """
    host: str = settings["SPIDERMON_SMTP_HOST"] or ""
    to = tuple(each.strip() for each in settings.getlist("SPIDERMON_EMAIL_TO") if each.strip())
    if not host and not to:
        return None
    mailing = Mailing(
        host,
        _port(settings),
        settings["SPIDERMON_SMTP_USER"] or "",
        settings["SPIDERMON_SMTP_PASSWORD"] or "",
        _switch(settings, "SPIDERMON_SMTP_ENFORCE_TLS"),
        _switch(settings, "SPIDERMON_SMTP_ENFORCE_SSL"),
        settings["SPIDERMON_EMAIL_SENDER"] or "",
        to,
    )
    _check(mailing)
    return mailing


def _check(mailing: Mailing) -> None:
    needed = {
        "SPIDERMON_SMTP_HOST": mailing.host,
        "SPIDERMON_EMAIL_TO": mailing.to,
        "SPIDERMON_EMAIL_SENDER": mailing.sender,
    }
    for name, value in needed.items():
        if not value:
            raise ValueError(f"{name} is missing, without which alarms go by no mail")
    for address in (mailing.sender, *mailing.to):
        if "@" not in address or not address.isprintable():
            raise ValueError(f"{address!r} is no address for mail (SPIDERMON_EMAIL_…)")
    if mailing.tls and mailing.starttls:
        raise ValueError(
            "SPIDERMON_SMTP_ENFORCE_SSL and SPIDERMON_SMTP_ENFORCE_TLS exclude each other"
        )
    if bool(mailing.user) != bool(mailing.password):
        raise ValueError("SPIDERMON_SMTP_USER and SPIDERMON_SMTP_PASSWORD go together")
    if mailing.user and not (mailing.tls or mailing.starttls):
        raise ValueError(
            "SPIDERMON_SMTP_PASSWORD would be sent unencrypted; set SPIDERMON_SMTP_ENFORCE_TLS "
            "(STARTTLS) or SPIDERMON_SMTP_ENFORCE_SSL to True"
        )


def _port(settings: BaseSettings) -> int:
    given = settings.get("SPIDERMON_SMTP_PORT") or smtplib.SMTP_PORT
    try:
        port = int(given)
    except ValueError:
        port = 0
    if port not in PORTS:
        raise ValueError(f"SPIDERMON_SMTP_PORT is no port: {given!r}")
    return port


def _switch(settings: BaseSettings, name: str) -> bool:
    try:
        return settings.getbool(name) if settings[name] else False
    except ValueError:
        raise ValueError(f"{name} is neither True nor False: {settings[name]!r}") from None
