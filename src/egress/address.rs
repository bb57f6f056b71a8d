//! Which addresses the way out leads to: those of the internet; private ones only for a host that may have one.
//!
//! The special-purpose registries of IANA (RFC 6890 and its updates), with all that is not globally reachable taken out.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is to the way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Globally reachable.
    Internet,
    /// Of this machine or of a network of the organisation: for hosts that `egress.private` names.
    Private,
    /// For nobody: unspecified, link-local (where clouds keep their metadata), multicast, reserved, for documentation.
    Never,
}

/// The standing of `address`. An IPv4 address within an IPv6 one is judged by what it is, or refused.
#[must_use]
pub fn standing(address: IpAddr) -> Standing {
    match address {
        IpAddr::V4(address) => of_v4(address),
        IpAddr::V6(address) => of_v6(address),
    }
}

fn of_v4(address: Ipv4Addr) -> Standing {
    match address.octets() {
        // Private use (RFC 1918), loopback (RFC 1122), shared with the provider (RFC 6598).
        [10 | 127, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => Standing::Private,
        // This network (RFC 791), multicast (RFC 5771), reserved and broadcast (RFC 1112, RFC 8190).
        [0 | 224..=255, ..]
        // Link-local (RFC 3927).
        | [169, 254, ..]
        // Protocol assignments (RFC 6890), documentation (RFC 5737).
        | [192, 0, 0 | 2, _]
        // Relays of 6to4 (RFC 7526), benchmarking (RFC 2544).
        | [192, 88, 99, _]
        | [198, 18..=19, ..]
        // Documentation.
        | [198, 51, 100, _]
        | [203, 0, 113, _] => Standing::Never,
        _ => Standing::Internet,
    }
}

fn of_v6(address: Ipv6Addr) -> Standing {
    if let Some(within) = address.to_ipv4_mapped() {
        return of_v4(within);
    }
    match address.segments() {
        // Loopback (RFC 4291), unique local (RFC 4193).
        [0, 0, 0, 0, 0, 0, 0, 1] | [0xfc00..=0xfdff, ..] => Standing::Private,
        // Translated to IPv4 (RFC 6052 §3.1: no other than global ones).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => match of_v4(joined(high, low)) {
            Standing::Internet => Standing::Internet,
            Standing::Private | Standing::Never => Standing::Never,
        },
        // Protocol assignments, Teredo among them (RFC 2928, RFC 4380), documentation (RFC 3849, RFC 9637), 6to4 (RFC 3056).
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] | [0x2002, ..] => Standing::Never,
        // All else that is global unicast today (RFC 4291, RFC 3587).
        [0x2000..=0x3fff, ..] => Standing::Internet,
        _ => Standing::Never,
    }
}

fn joined(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::Standing::{Internet, Never, Private};
    use super::*;

    /// Each range of the registries by its first and its last address, with the neighbours on both sides.
    const TABLE: &[(&str, Standing)] = &[
        ("0.0.0.0", Never),
        ("0.255.255.255", Never),
        ("1.0.0.0", Internet),
        ("9.255.255.255", Internet),
        ("10.0.0.0", Private),
        ("10.255.255.255", Private),
        ("11.0.0.0", Internet),
        ("100.63.255.255", Internet),
        ("100.64.0.0", Private),
        ("100.127.255.255", Private),
        ("100.128.0.0", Internet),
        ("126.255.255.255", Internet),
        ("127.0.0.0", Private),
        ("127.255.255.255", Private),
        ("128.0.0.0", Internet),
        ("169.253.255.255", Internet),
        ("169.254.0.0", Never),
        ("169.254.169.254", Never),
        ("169.254.255.255", Never),
        ("169.255.0.0", Internet),
        ("172.15.255.255", Internet),
        ("172.16.0.0", Private),
        ("172.31.255.255", Private),
        ("172.32.0.0", Internet),
        ("191.255.255.255", Internet),
        ("192.0.0.0", Never),
        ("192.0.0.9", Never),
        ("192.0.0.170", Never),
        ("192.0.0.255", Never),
        ("192.0.1.0", Internet),
        ("192.0.2.0", Never),
        ("192.0.2.255", Never),
        ("192.0.3.0", Internet),
        ("192.31.196.1", Internet),
        ("192.52.193.1", Internet),
        ("192.88.98.255", Internet),
        ("192.88.99.0", Never),
        ("192.88.99.255", Never),
        ("192.88.100.0", Internet),
        ("192.167.255.255", Internet),
        ("192.168.0.0", Private),
        ("192.168.255.255", Private),
        ("192.169.0.0", Internet),
        ("192.175.48.1", Internet),
        ("198.17.255.255", Internet),
        ("198.18.0.0", Never),
        ("198.19.255.255", Never),
        ("198.20.0.0", Internet),
        ("198.51.99.255", Internet),
        ("198.51.100.0", Never),
        ("198.51.100.255", Never),
        ("198.51.101.0", Internet),
        ("203.0.112.255", Internet),
        ("203.0.113.0", Never),
        ("203.0.113.255", Never),
        ("203.0.114.0", Internet),
        ("223.255.255.255", Internet),
        ("224.0.0.0", Never),
        ("239.255.255.255", Never),
        ("240.0.0.0", Never),
        ("255.255.255.254", Never),
        ("255.255.255.255", Never),
        // Unspecified, loopback, and the rest of the IPv4-compatible ones.
        ("::", Never),
        ("::1", Private),
        ("::2", Never),
        ("::127.0.0.1", Never),
        ("::8.8.8.8", Never),
        ("::ffff:ffff", Never),
        // Mapped.
        ("::ffff:0.0.0.0", Never),
        ("::ffff:127.0.0.1", Private),
        ("::ffff:10.0.0.1", Private),
        ("::ffff:169.254.169.254", Never),
        ("::ffff:8.8.8.8", Internet),
        ("::ffff:255.255.255.255", Never),
        // Translated, in its old form and in NAT64's two.
        ("::ffff:0:127.0.0.1", Never),
        ("::ffff:0:8.8.8.8", Never),
        ("64:ff9b::8.8.8.8", Internet),
        ("64:ff9b::127.0.0.1", Never),
        ("64:ff9b::10.0.0.1", Never),
        ("64:ff9b::169.254.169.254", Never),
        ("64:ff9b::192.0.2.1", Never),
        ("64:ff9b::1:0:0", Never),
        ("64:ff9b:1::", Never),
        ("64:ff9b:1::8.8.8.8", Never),
        ("64:ff9b:1:ffff:ffff:ffff:ffff:ffff", Never),
        // Discard only, dummy prefix.
        ("100::", Never),
        ("100::ffff:ffff:ffff:ffff", Never),
        ("100:0:0:1::", Never),
        ("1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Never),
        ("2000::", Internet),
        ("2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Internet),
        // Teredo, its assignments' neighbours, benchmarking, AMT, AS112, both ORCHIDs, drones.
        ("2001::", Never),
        ("2001::ffff:ffff", Never),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", Never),
        ("2001:1::1", Never),
        ("2001:2::", Never),
        ("2001:3::1", Never),
        ("2001:4:112::1", Never),
        ("2001:10::", Never),
        ("2001:20::", Never),
        ("2001:30::", Never),
        ("2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", Never),
        ("2001:200::", Internet),
        ("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", Internet),
        ("2001:db8::", Never),
        ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", Never),
        ("2001:db9::", Internet),
        ("2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Internet),
        // 6to4, whatever is within.
        ("2002::", Never),
        ("2002:7f00:1::", Never),
        ("2002:808:808::1", Never),
        ("2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Never),
        ("2003::", Internet),
        ("2606:4700::1111", Internet),
        ("2620:4f:8000::1", Internet),
        ("3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Internet),
        ("3fff::", Never),
        ("3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", Never),
        ("3fff:1000::", Internet),
        ("3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Internet),
        ("4000::", Never),
        // Segment routing.
        ("5f00::", Never),
        ("fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Never),
        ("fc00::", Private),
        ("fd00::1", Private),
        ("fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Private),
        ("fe00::", Never),
        ("fe80::", Never),
        ("fe80::a9fe:a9fe", Never),
        ("febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Never),
        ("fec0::1", Never),
        ("ff00::", Never),
        ("ff02::1", Never),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Never),
    ];

    #[test]
    fn every_special_range_has_its_standing_to_the_last_address() {
        for (text, expected) in TABLE {
            assert_eq!(standing(text.parse().unwrap()), *expected, "{text}");
        }
    }

    #[test]
    fn a_mapped_address_stands_as_the_one_within() {
        for (text, _) in TABLE {
            if let IpAddr::V4(address) = text.parse().unwrap() {
                assert_eq!(of_v6(address.to_ipv6_mapped()), of_v4(address), "{text}");
            }
        }
    }
}
