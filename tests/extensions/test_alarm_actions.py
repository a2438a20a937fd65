"""Alarms by mail and webhook, to real servers, and to such as do not work."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from scrapy import Spider
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

from newscrawl.extensions.alarm_action import AlarmAction
from newscrawl.extensions.alarm_mail import MailAction, mailing_of
from newscrawl.extensions.alarm_webhook import WebhookAction, webhook_of
from newscrawl.extensions.monitors import AlarmRunner, OwnHistorySuite
from newscrawl.verdict.alarms import Alarm, Watch
from tests.extensions.receiving import free_port, mail_server, silence, webhook

ALARMS = [
    Alarm(Watch.ENDING, "news.example: the run ended as store_failed – Größe"),
    Alarm(Watch.FIELDS, "news.example: authors is on 0% of 45 articles, usually on 94%"),
]


def sent(alarms: list[Alarm] = ALARMS, **settings: Any) -> None:
    """Run the suite as the extension does at the end of run 41."""
    crawler = get_crawler(settings_dict=settings, prevent_warnings=True)
    spider = Spider("site", sites={"news.example"})
    AlarmRunner(spider).run(
        OwnHistorySuite(crawler=crawler),
        stats={},
        spider=spider,
        alarms=alarms,
        run=41,
        job_id="6487ec79",
        finish_reason="store_failed",
    )


def mail_to(port: int, **settings: Any) -> dict[str, Any]:
    return {
        "SPIDERMON_SMTP_HOST": "127.0.0.1",
        "SPIDERMON_SMTP_PORT": str(port),
        "SPIDERMON_EMAIL_SENDER": "crawler@news.example",
        "SPIDERMON_EMAIL_TO": "desk@news.example, night@news.example",
        **settings,
    }


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(AlarmAction, "TIMEOUT", 0.3)


def told(caplog) -> list[str]:
    ours = [record for record in caplog.records if record.name.startswith("newscrawl.")]
    assert [record for record in ours if record.exc_info] == []
    return [record.getMessage() for record in ours if record.levelname == "WARNING"]


def test_a_mail_has_the_alarms_a_line_each_and_where_to_look(caplog):
    with mail_server() as server:
        sent(**mail_to(server.port))
    ((sender, receivers, message),) = server.got
    assert sender == "crawler@news.example"
    assert receivers == ["desk@news.example", "night@news.example"]
    assert message["Subject"] == "newscrawl: news.example: 2 alarms"
    assert message.get_content_type() == "text/plain"
    assert message.get_content().splitlines() == [
        *[alarm.text for alarm in ALARMS],
        "",
        "Spider site, run 41, job 6487ec79, ended as store_failed.",
        "To look further: newscrawl runs; newscrawl explain URL",
    ]
    assert told(caplog) == []


def test_a_webhook_gets_a_document_with_a_text_for_chat_servers(caplog):
    with webhook() as server:
        sent(NEWSCRAWL_ALARM_WEBHOOK=server.url)
    ((path, content_type, document),) = server.got
    assert (path, content_type) == ("/services/T0/s3cret", "application/json")
    first, second, *_ = document.pop("text").splitlines()
    assert (first, second) == ("newscrawl: news.example: 2 alarms", ALARMS[0].text)
    assert document == {
        "sites": ["news.example"],
        "spider": "site",
        "run": 41,
        "job": "6487ec79",
        "finish_reason": "store_failed",
        "alarms": [alarm.text for alarm in ALARMS],
    }
    assert told(caplog) == []


def test_a_run_without_alarms_tells_nobody():
    with webhook() as web, mail_server() as mail:
        sent([], NEWSCRAWL_ALARM_WEBHOOK=web.url, **mail_to(mail.port))
    assert (web.got, mail.got) == ([], [])


def test_nothing_is_sent_unless_it_is_set_up(caplog):
    sent()
    assert told(caplog) == []


@pytest.mark.parametrize("status", [400, 500, 302, 308])
def test_a_webhook_that_refuses_is_one_warning_without_its_url(caplog, status):
    with webhook(status, Location="/elsewhere") as server:
        sent(NEWSCRAWL_ALARM_WEBHOOK=server.url)
    (warning,) = told(caplog)
    assert warning.startswith(f"Alarms not sent to the webhook at 127.0.0.1: HTTP Error {status}: ")
    assert "s3cret" not in caplog.text
    assert len(server.got) == 1, "no redirect is followed"


@pytest.mark.usefixtures("impatient")
def test_a_webhook_that_hangs_is_given_up(caplog):
    with silence() as server:
        sent(NEWSCRAWL_ALARM_WEBHOOK=server.url)
    assert told(caplog) == ["Alarms not sent to the webhook at 127.0.0.1: timed out"]


def test_a_receiver_that_answers_forever_is_left_alone(caplog, monkeypatch):
    monkeypatch.setattr(AlarmAction, "DEADLINE", 0.3)
    with silence() as server:
        sent(NEWSCRAWL_ALARM_WEBHOOK=server.url)
    assert told(caplog) == ["Alarms not sent to the webhook at 127.0.0.1: it takes too long"]


@pytest.mark.usefixtures("impatient")
def test_a_mail_server_that_hangs_is_given_up(caplog):
    with silence() as server:
        sent(**mail_to(server.port))
    (warning,) = told(caplog)
    assert warning.startswith("Alarms not sent to desk@news.example, night@news.example by 127.")


@pytest.mark.parametrize("way", ["mail", "webhook"])
def test_a_refused_connection_is_one_warning(caplog, way):
    port = free_port()
    url = {"NEWSCRAWL_ALARM_WEBHOOK": f"http://127.0.0.1:{port}/"}
    sent(**(mail_to(port) if way == "mail" else url))
    (warning,) = told(caplog)
    assert "Connection refused" in warning


def test_a_refused_address_is_told_and_the_others_get_the_mail(caplog):
    with mail_server() as server:
        sent(**mail_to(server.port, SPIDERMON_EMAIL_TO="nobody@news.example,desk@news.example"))
    assert [receivers for _, receivers, _ in server.got] == [["desk@news.example"]]
    (warning,) = told(caplog)
    assert warning.endswith("refused: nobody@news.example")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A key and the certificate of 127.0.0.1 that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path: Path = tmp_path_factory.mktemp("certificate") / "mail.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def known(server, session, envelope, mechanism, data) -> AuthResult:  # noqa: ARG001 - aiosmtpd's signature
    assert isinstance(data, LoginPassword)
    good = (data.login, data.password) == (b"crawler", b"s3cret")
    return AuthResult(success=good, handled=False)


def locked(certificate: Path) -> dict[str, Any]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return {"tls_context": context, "authenticator": known, "auth_required": True}


STARTTLS = {"SPIDERMON_SMTP_USER": "crawler", "SPIDERMON_SMTP_ENFORCE_TLS": "True"}


def test_a_password_goes_over_starttls(certificate, monkeypatch, caplog):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(**locked(certificate)) as server:
        sent(**mail_to(server.port, SPIDERMON_SMTP_PASSWORD="s3cret", **STARTTLS))
    assert told(caplog) == []
    assert len(server.got) == 1


def test_a_wrong_password_is_one_warning_without_it(certificate, monkeypatch, caplog):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(**locked(certificate)) as server:
        sent(**mail_to(server.port, SPIDERMON_SMTP_PASSWORD="0ther", **STARTTLS))
    (warning,) = told(caplog)
    assert "535" in warning
    assert "0ther" not in caplog.text


def test_a_certificate_that_nobody_vouches_for_gets_no_password(certificate, caplog):
    with mail_server(**locked(certificate)) as server:
        sent(**mail_to(server.port, SPIDERMON_SMTP_PASSWORD="s3cret", **STARTTLS))
    (warning,) = told(caplog)
    assert "CERTIFICATE_VERIFY_FAILED" in warning
    assert server.got == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://chat.example/hook",
        "chat.example/hook",
        "https:///hook",
        "https://user:word@chat.example/hook",
        "https://chat.example/a hook",
        "https://chat.example/a\nhook",
        "https://chat.example:port/hook",
        "https://[chat/hook",
        "https://chät.example/hook",
    ],
)
def test_a_bad_webhook_is_not_shown_in_the_message(url):
    with pytest.raises(ValueError, match="NEWSCRAWL_ALARM_WEBHOOK is no http or https") as caught:
        webhook_of(Settings({"NEWSCRAWL_ALARM_WEBHOOK": url}))
    assert "hook" not in str(caught.value).partition(" ")[2]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"SPIDERMON_EMAIL_TO": ""}, "SPIDERMON_EMAIL_TO is missing"),
        ({"SPIDERMON_SMTP_HOST": ""}, "SPIDERMON_SMTP_HOST is missing"),
        ({"SPIDERMON_EMAIL_SENDER": ""}, "SPIDERMON_EMAIL_SENDER is missing"),
        ({"SPIDERMON_EMAIL_TO": "desk"}, "'desk' is no address"),
        ({"SPIDERMON_EMAIL_SENDER": "a@b.example\nBcc: c@d.example"}, "is no address"),
        ({"SPIDERMON_SMTP_PORT": "smtp"}, "SPIDERMON_SMTP_PORT is no port: 'smtp'"),
        ({"SPIDERMON_SMTP_PORT": "70000"}, "SPIDERMON_SMTP_PORT is no port"),
        ({"SPIDERMON_SMTP_USER": "crawler"}, "go together"),
        ({"SPIDERMON_SMTP_ENFORCE_TLS": "perhaps"}, "neither True nor False: 'perhaps'"),
        (
            {"SPIDERMON_SMTP_USER": "crawler", "SPIDERMON_SMTP_PASSWORD": "s3cret"},
            "would be sent unencrypted",
        ),
        (
            {"SPIDERMON_SMTP_ENFORCE_TLS": "1", "SPIDERMON_SMTP_ENFORCE_SSL": "1"},
            "exclude each other",
        ),
    ],
)
def test_settings_of_mail_that_cannot_work_are_told(settings, message):
    with pytest.raises(ValueError, match=message) as caught:
        mailing_of(Settings(mail_to(25, **settings)))
    assert "s3cret" not in str(caught.value)


def test_actions_are_named_for_monitors_that_fail():
    suite = OwnHistorySuite(crawler=get_crawler(prevent_warnings=True))
    assert [type(each) for each in suite.monitors_failed_actions] == [MailAction, WebhookAction]
