"""From which address a request comes, where a reverse proxy of ours hands it on: X-Forwarded-For, from that proxy only.

Anybody may write that header; so it is read only where the connection comes from a trusted proxy, from its right end,
and only as far as the first address that no trusted proxy has.
"""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

Network = IPv4Network | IPv6Network
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
FORWARDED = "HTTP_X_FORWARDED_FOR"
MOST_HOPS = 20


def behind(inner: Wsgi, proxies: Sequence[str]) -> Wsgi:
    """The application as it stands behind these proxies, each an address or a network; behind none it is unchanged."""
    if not proxies:
        return inner
    trusted = tuple(ip_network(one) for one in proxies)

    def answer(environ: dict[str, Any], begin: Any) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = came_from(environ.get("REMOTE_ADDR", ""), environ.get(FORWARDED, ""), trusted)
        return inner(environ, begin)

    return answer


def came_from(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The nearest address that is no trusted proxy's; what is not an address ends the search."""
    here = peer
    for hop in reversed(forwarded.split(",")[-MOST_HOPS:]):
        if not _is_in(here, trusted):
            break
        if _address(hop) is None:
            break
        here = str(_address(hop))
    return here


def _is_in(text: str, trusted: Sequence[Network]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in trusted if network.version == address.version)


def _address(text: str) -> Any:
    try:
        return ip_address(text.strip())
    except ValueError:
        return None
