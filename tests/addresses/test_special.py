from __future__ import annotations

from ipaddress import ip_address

import pytest

from newscrawl.addresses.special import OTHERS, REGISTRIES, is_metadata, is_public, rows_of

NEXT = {str(row.network[0]) for row in OTHERS}


def ends(row):
    return {str(row.network[0]), str(row.network[-1])}


@pytest.mark.parametrize("row", [each for each in REGISTRIES if not each.reachable])
def test_an_address_of_a_network_that_the_internet_does_not_reach_is_not_public(row):
    own = {each for each in ends(row) if rows_of(ip_address(each), REGISTRIES)[0] == row}
    if row.name == "IPv4-mapped Address":  # by what it wraps
        own = {"::ffff:0.0.0.0", "::ffff:255.255.255.255"}
    assert own
    assert not any(map(is_public, own))


@pytest.mark.parametrize("row", OTHERS)
def test_an_address_that_is_special_without_a_registry_is_not_public(row):
    assert not any(map(is_public, ends(row)))


@pytest.mark.parametrize("row", [each for each in REGISTRIES if each.reachable])
def test_an_address_of_a_special_network_that_is_reached_is_public_unless_it_is_the_next_router(
    row,
):
    wraps = str(row.network).startswith("64:ff9b::")
    expected = not wraps and str(row.network[0]) not in NEXT
    assert is_public(str(row.network[0])) is expected


@pytest.mark.parametrize(
    "address",
    [
        "192.0.0.192",
        "192.0.0.9",
        "192.88.99.1",
        "192.88.99.2",
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "168.63.129.16",
        "fd00:ec2::254",
        "fd20:ce::254",
    ],
)
def test_metadata_of_clouds_and_relays_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    ("inner", "public"),
    [("10.0.0.1", False), ("192.0.0.192", False), ("168.63.129.16", False), ("8.8.8.8", True)],
)
@pytest.mark.parametrize("form", ["::ffff:{}", "::{}", "64:ff9b::{}", "2002:{six}::1"])
def test_an_address_that_wraps_another_is_judged_by_that(inner, public, form):
    high, low = (int.from_bytes(ip_address(inner).packed[at : at + 2], "big") for at in (0, 2))
    assert is_public(form.format(inner, six=f"{high:x}:{low:x}")) is public


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("2001:0:0808:0808:0:0:f7f7:f7f7", True),  # both ends 8.8.8.8
        ("2001:0:0808:0808:0:0:f5ff:fffe", False),  # its client is 10.0.0.1
        ("2001:0:0a00:0001:0:0:f7f7:f7f7", False),  # its server is
    ],
)
def test_teredo_is_judged_by_its_server_and_its_client(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize(
    "address", ["64:ff9b:1::808:808", "4000::1", "::ffff:0:808:808", "fec0::1"]
)
def test_what_is_given_to_no_host_of_the_internet_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "name", ["metadata.google.internal", "Metadata.Google.Internal.", "metadata"]
)
def test_a_name_of_metadata_is_known_however_it_is_written(name):
    assert is_metadata(name)


def test_the_name_of_a_newspaper_is_none_of_metadata():
    assert not is_metadata("metadata.example")
