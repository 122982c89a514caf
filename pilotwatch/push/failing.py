"""Why a message didn't arrive, in the words of who waits for it, and whether trying again can help."""

from __future__ import annotations

import ssl

import httpx2

from pilotwatch.domain import Text


class NotSent(Exception):
    """A message that wasn't accepted. `rule` is stable; `final`: trying again as it is can't help.

    `ours`: the fault lies with the server or its settings, so that whatever else goes there fails as well.
    """

    def __init__(self, rule: str, reason: Text, *, final: bool = False, ours: bool = False):
        super().__init__(reason.zh)
        self.rule, self.reason, self.final, self.ours = rule, reason, final, ours


def certificate(server: Text) -> NotSent:
    return NotSent("certificate", _CERTIFICATE.format(server=server), ours=True)


def unreachable(server: Text) -> NotSent:
    return NotSent("unreachable", _UNREACHABLE.format(server=server), ours=True)


def slow(server: Text) -> NotSent:
    return NotSent("timeout", _SLOW.format(server=server))


def of_transport(error: Exception, server: Text) -> NotSent:
    """What a failed connection means; the error's own text may hold the address, so it is not told."""
    causes, cause = [], error
    while cause is not None:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    if any(isinstance(c, ssl.SSLCertVerificationError) for c in causes):
        return certificate(server)
    if any(isinstance(c, ssl.SSLError) for c in causes):
        return NotSent("tls", _TLS.format(server=server), ours=True)
    if isinstance(error, TimeoutError | httpx2.ReadTimeout | httpx2.WriteTimeout):
        return slow(server)
    return unreachable(server)


_UNREACHABLE = Text(
    "连接不上{server}，将自动重试。如持续失败，请系统管理员检查网络和地址设置。",
    "{server} can't be reached; it is tried again. If it goes on, the administrator should check network and settings.",
)
_SLOW = Text(
    "{server}没有及时答复，将自动重试；对方可能已收到，因此可能收到两次。",
    "{server} didn't answer in time; it is tried again. It may have arrived, so it may come twice.",
)
_CERTIFICATE = Text(
    "{server}的证书未通过验证，为安全起见没有发送。请系统管理员核对证书，或用 PILOTWATCH_PUSH_CA 指定单位内部的根证书。",
    "The certificate of {server} could not be verified, so nothing was sent. The administrator should check it, or name the "
    "own root certificate in PILOTWATCH_PUSH_CA.",
)
_TLS = Text(
    "与{server}无法建立加密连接，没有发送。请系统管理员核对端口和加密方式（PILOTWATCH_SMTP_SECURITY）。",
    "No encrypted connection to {server}; nothing was sent. The administrator should check the port and the way of "
    "encryption (PILOTWATCH_SMTP_SECURITY).",
)
