"""Where a request comes from, behind our own reverse proxy and without one: the nearest address that nobody made up."""

from ipaddress import ip_network

import pytest

from web.door import proxies


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("10.0.0.5", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.5", "1.1.1.1, 198.51.100.9, 10.0.0.6", "198.51.100.9"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "unknown, <script>", "10.0.0.5"),
        ("198.51.100.1", "1.1.1.1", "198.51.100.1"),
        ("10.0.0.5", "2001:db8::1", "2001:db8::1"),
        ("", "1.1.1.1", ""),
    ],
)
def test_the_address_is_the_nearest_that_is_no_proxy_of_ours(peer, forwarded, found):
    assert proxies.came_from(peer, forwarded, [ip_network("10.0.0.0/24")]) == found
