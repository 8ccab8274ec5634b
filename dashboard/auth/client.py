"""Who asks: the address of a client, and the network that counts as one client."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from starlette.requests import HTTPConnection

_HERE = ("127.0.0.1", "::1")


def address(request: HTTPConnection) -> str:
    """Return the address that a request came from: what our own proxy says, which asks from this machine."""
    peer = request.client.host if request.client else ""
    forwarded = ",".join(request.headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
    return forwarded if forwarded and peer in _HERE else peer or "unknown"


def network(address: str) -> str:
    """Return what counts as one client: an address, or the 64 bits of IPv6 that a household has."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address[:60]
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or IPv6Address(int(ip) >> 64 << 64))
    return str(ip)
