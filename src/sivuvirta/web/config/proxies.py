"""Proxies in front: only they are believed about who asks and whether by https; what anybody else says of it is dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import Any

from waitress.proxy_headers import proxy_headers_middleware

from sivuvirta.web.config.environment import Network

_BELIEVED = frozenset({"x-forwarded-for", "x-forwarded-proto"})


def behind(application: Callable[..., Any], proxies: Sequence[Network]) -> Callable[..., Any]:
    """The application, told the real address of the client and whether it came by https.

    A proxy writes the address that asked it at the end of `X-Forwarded-For`; that one is taken, since what stands before it is the
    client's own word. From any other address these heads, and all of their kind, are taken away.

    Args:
        application: of WSGI.
        proxies: networks of the proxies.
    """
    believing = proxy_headers_middleware(application, trusted_proxy="*", trusted_proxy_count=1, trusted_proxy_headers=_BELIEVED)
    doubting = proxy_headers_middleware(application)

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        return (believing if _of(environ.get("REMOTE_ADDR", ""), proxies) else doubting)(environ, start)

    return answer


def _of(address: str, proxies: Sequence[Network]) -> bool:
    try:
        return any(ip_address(address) in network for network in proxies)
    except ValueError:
        return False
