"""A message as an e-mail, text and HTML, and its way over SMTP.

The HTML has its styles within, fetches nothing and holds nothing that isn't escaped. Where encryption is asked for, a
server that doesn't offer it, or whose certificate doesn't fit, gets nothing.
"""

from __future__ import annotations

import hashlib
import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, parseaddr
from html import escape
from pathlib import Path
from string import Template

from pilotwatch.domain import Language, Text
from pilotwatch.push.failing import NotSent, of_transport
from pilotwatch.push.markdown import clean
from pilotwatch.push.message import Message
from pilotwatch.push.words import LEVEL, PRODUCT
from pilotwatch.settings import Settings
from pilotwatch.store.deliveries import Attached, Line, kept_file

TIMEOUT = 15.0  # seconds, of each step
ATTACHED = 8_000_000  # bytes of attachments; base64 makes them a third longer, and 10 MB is what most servers take
SERVER = Text("邮件服务器", "mail server")
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def address_of(typed: str) -> str | None:
    """The address that was typed; None where it isn't one."""
    typed = typed.strip()
    return typed if len(typed) <= 254 and _ADDRESS.fullmatch(typed) else None


def masked(address: str) -> str:
    """`wangfang@sjj.urumqi.gov.cn` → `w***@s***.urumqi.gov.cn`"""
    name, _, host = address.partition("@")
    first, dot, rest = host.partition(".")
    return f"{name[:1]}***@{first[:1]}***{dot}{rest}" if "." in rest else f"{name[:1]}***@{host}"


# --- the letter ----------------------------------------------------------------------------------------------------


def letter(message: Message, to: str, language: Language, knobs: Settings, files: Path | None = None) -> EmailMessage:
    """The e-mail, ready to be sent. Its Message-ID follows from the message's key and address: a second copy is known.

    `files`: where kept files are; what the message brings along is attached, as far as a mail server takes it.
    """
    made = EmailMessage(policy=SMTP)
    name, sender = parseaddr(knobs.smtp_from)
    made["From"] = MailAddress(name or PRODUCT(language), addr_spec=sender)
    made["To"] = MailAddress(addr_spec=to)
    made["Subject"] = f"{PRODUCT(language)} · {clean(message.title(language))}"
    made["Date"] = format_datetime(localtime())
    digest = hashlib.sha256(f"{message.key}\n{to}".encode()).hexdigest()[:32]
    made["Message-ID"] = f"<{digest}@{sender.partition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Pilotwatch-Key"] = clean(message.key).encode("ascii", "replace").decode()[:200]
    made.set_content(as_text(message, language))
    made.add_alternative(as_html(message, language), subtype="html")
    for file, data in _attached(message.files, files):
        main, _, sub = file.mime.partition("/")
        made.add_attachment(data, maintype=main, subtype=sub, filename=file.name)
    return made


def _attached(wanted: Sequence[Attached], folder: Path | None) -> Iterator[tuple[Attached, bytes]]:
    """The files that are there and whole, as many as there is room for; the others are behind the link."""
    room = ATTACHED
    for file in wanted if folder else ():
        data = kept_file(folder, file.sha256)
        if data is not None and len(data) <= room:
            room -= len(data)
            yield file, data


def as_text(message: Message, language: Language) -> str:
    """The message as plain text."""
    lines = [clean(message.title(language)), ""]
    for line in message.lines:
        said = clean(line.text(language))
        level = f"[{LEVEL[line.level](language)}] " if line.level else ""
        shown = {"heading": f"\n{said}", "item": f"  - {level}{said}"}
        lines.append(shown.get(line.style, f"{level}{said}"))
    lines += [
        "",
        f"{message.open_it(language)}: {message.url(language)}",
        *(f"{clean(said(language))}: {message.url(language, path)}" for said, path in message.links),
        "",
        *(clean(t(language)) for t in message.foot),
    ]
    return "\n".join(lines) + "\n"


_INK = {"red": ("#C8102E", "#FFFFFF"), "orange": ("#E87722", "#1F1300"), "yellow": ("#F2C300", "#231B00"),
        "blue": ("#1F6FB5", "#FFFFFF"), "normal": ("#4E6E61", "#FFFFFF"), "nodata": ("#B8BEC5", "#1C2733")}  # fmt: skip
_FONT = "font-family:'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',system-ui,sans-serif"
_STYLE = {
    "heading": "margin:20px 0 6px;padding:0 0 4px;border-bottom:1px solid #DFE3E9;font-size:15px;font-weight:600",
    "item": "margin:0;padding:7px 0;border-bottom:1px solid #EEF1F4;font-size:14px;line-height:1.6",
    "note": "margin:6px 0 0;font-size:13px;line-height:1.6;color:#5B6875",
    "plain": "margin:6px 0 0;font-size:15px;line-height:1.7",
}
_PAGE = Template("""<!doctype html>
<html lang="$lang"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light"><title>$title</title></head>
<body style="margin:0;padding:0;background:#F5F6F8">$body</body></html>
""")
_BODY = Template("""<div style="$font;color:#1C2733;background:#F5F6F8;padding:16px 10px">
<div style="max-width:640px;margin:0 auto;padding:20px 22px 22px;background:#FFFFFF;border:1px solid #DFE3E9;border-radius:8px">
<p style="margin:0 0 10px;font-size:13px;color:#5B6875">$product$demo</p>
<h1 style="margin:0 0 10px;font-size:19px;line-height:1.45;font-weight:600">$title</h1>
$lines
<p style="margin:20px 0 0"><a href="$url" style="display:inline-block;padding:9px 20px;border-radius:6px;background:#1B5E8C;\
color:#FFFFFF;font-size:15px;text-decoration:none">$open</a>$links</p>
</div>
<div style="max-width:640px;margin:10px auto 0;padding:0 22px">$foot</div>
</div>""")
_LINK = '<a href="{url}" style="display:inline-block;margin-left:16px;color:#1B5E8C;font-size:14px">{said}</a>'
_DEMO = "display:inline-block;margin-left:8px;padding:0 8px;border-radius:4px;font-weight:600;color:#5C4400;background:#FFE08A"


def as_html(message: Message, language: Language) -> str:
    """The message as a page of its own."""
    lang = "zh-CN" if language == "zh" else "en"
    return _PAGE.substitute(lang=lang, title=escape(clean(message.title(language))), body=body(message, language))


def body(message: Message, language: Language) -> str:
    """What the page holds, as a piece of HTML that can stand on another page, too."""
    demo = f'<span style="{_DEMO}">{escape(message.demo(language))}</span>' if message.demo else ""
    return _BODY.substitute(
        font=_FONT, product=escape(PRODUCT(language)), demo=demo, title=escape(clean(message.title(language))),
        lines="\n".join(_line(line, language) for line in message.lines), url=escape(message.url(language)),
        open=escape(message.open_it(language)),
        links="".join(_LINK.format(url=escape(message.url(language, p)), said=escape(clean(t(language)))) for t, p in message.links),
        foot="".join(f'<p style="{_STYLE["note"]}">{escape(clean(t(language)))}</p>' for t in message.foot),
    )  # fmt: skip


def _line(line: Line, language: Language) -> str:
    tag, badge = ("h2" if line.style == "heading" else "p"), ""
    if line.level:
        ground, ink = _INK[line.level]
        badge = (
            f'<span style="display:inline-block;margin-right:8px;padding:0 7px;border-radius:3px;font-size:12px;'
            f'font-weight:600;background:{ground};color:{ink}">{escape(LEVEL[line.level](language))}</span>'
        )
    return f'<{tag} style="{_STYLE[line.style]}">{badge}{escape(clean(line.text(language)))}</{tag}>'


# --- the way -------------------------------------------------------------------------------------------------------


def send(made: EmailMessage, to: str, knobs: Settings, trust: ssl.SSLContext) -> None:
    """Hands the letter to the mail server; raises NotSent where it isn't taken."""
    if not knobs.smtp_host:
        raise NotSent("no_server", _NO_SERVER, ours=True)
    if knobs.smtp_security == "none" and knobs.smtp_password:
        raise NotSent("plain_password", _PLAIN_PASSWORD, ours=True)
    try:
        with _connected(knobs, trust) as server:
            if knobs.smtp_username and knobs.smtp_password:
                server.login(knobs.smtp_username, knobs.smtp_password.get_secret_value())
            server.send_message(made, to_addrs=[to])
    except smtplib.SMTPRecipientsRefused as no:
        raise _refused(*no.recipients[to], _RECIPIENT) from None
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):
        raise NotSent("login", _LOGIN, ours=True) from None
    except smtplib.SMTPSenderRefused as no:
        raise NotSent("sender", _SENDER.format(code=no.smtp_code), ours=True) from None
    except smtplib.SMTPResponseException as no:
        raise _refused(no.smtp_code, no.smtp_error, _MESSAGE) from None
    except (smtplib.SMTPException, OSError) as error:
        raise of_transport(error, SERVER) from None


def _connected(knobs: Settings, trust: ssl.SSLContext) -> smtplib.SMTP:
    where = knobs.smtp_host, knobs.smtp_port
    if knobs.smtp_security == "tls":
        return smtplib.SMTP_SSL(*where, timeout=TIMEOUT, context=trust)
    server = smtplib.SMTP(*where, timeout=TIMEOUT)
    if knobs.smtp_security == "starttls":
        try:
            server.starttls(context=trust)
        except BaseException:
            server.close()
            raise
    return server


def _refused(code: int, said: bytes | str, what: Text) -> NotSent:
    """5xx is for good, 4xx (a full mailbox, greylisting) may pass."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    final = code >= 500
    rule = "address_refused" if what is _RECIPIENT and final else f"smtp_{code}"
    return NotSent(rule, (what if final else _LATER).format(code=code, said=clean(words)[:200]), final=final)


_NO_SERVER = Text(
    "系统尚未设置邮件服务器，邮件没有发出。请系统管理员设置 PILOTWATCH_SMTP_HOST。",
    "No mail server is set, so nothing was sent. The administrator sets PILOTWATCH_SMTP_HOST.",
)
_PLAIN_PASSWORD = Text(
    "邮件服务器设为不加密，却设了密码：为免泄露没有发送。请系统管理员把 PILOTWATCH_SMTP_SECURITY 改为 tls 或 starttls。",
    "Mail is set to go unencrypted, yet with a password: nothing was sent, so that it doesn't leak. The administrator sets "
    "PILOTWATCH_SMTP_SECURITY to tls or starttls.",
)
_LOGIN = Text(
    "邮件服务器不接受系统的发件账号，或不支持所设的加密方式。请系统管理员核对 PILOTWATCH_SMTP_ 各项设置。",
    "The mail server doesn't accept the system's account, or doesn't offer the encryption that is set. The administrator "
    "should check the PILOTWATCH_SMTP_ settings.",
)
_SENDER = Text(
    "邮件服务器不允许以所设的发件地址发信（{code}）。请系统管理员核对 PILOTWATCH_SMTP_FROM。",
    "The mail server doesn't allow the sender that is set ({code}). The administrator should check PILOTWATCH_SMTP_FROM.",
)
_RECIPIENT = Text(
    "邮件服务器拒收该地址（{code} {said}）。请核对邮箱地址后重新填写。",
    "The mail server refuses this address ({code} {said}). Check the address and enter it again.",
)
_MESSAGE = Text("邮件服务器拒收这封邮件（{code} {said}）。", "The mail server refuses this e-mail ({code} {said}).")
_LATER = Text(
    "邮件服务器暂不接收（{code} {said}），稍后自动重发。",
    "The mail server doesn't take it now ({code} {said}); it is tried again later.",
)
