//! Where a link may lead. An admin of a tenant says the address, and the server stands in networks that
//! the admin does not: so what a link must not be made to reach is decided here, for the address that is really dialled
//! and not for the name it was given by.
//!
//! Devices live in private networks, so those are allowed, as public addresses are. Refused are the server's own
//! machine (loopback, unspecified), link-local addresses (where clouds keep their metadata service,
//! 169.254.169.254 and `fd00:ec2::254`), and addresses that are nobody's (multicast, broadcast, reserved).
//! Whoever runs the server allows more with `--link-network`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// AWS answers for its metadata service in the private range of IPv6 too.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// Which addresses links may lead to.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Networks that are allowed although they would be refused.
    also: Vec<IpNet>,
}

impl Reach {
    pub fn new(also: Vec<IpNet>) -> Self {
        Self { also }
    }

    pub fn allows(&self, address: IpAddr) -> bool {
        let address = plain(address);
        self.also.iter().any(|network| network.contains(&address)) || is_harmless(address)
    }
}

/// An IPv4 address that is written as an IPv6 one is the IPv4 one: `::ffff:127.0.0.1`, `64:ff9b::7f00:1`.
fn plain(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => match v6.segments() {
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
                let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
                IpAddr::V4(Ipv4Addr::new(a, b, c, d))
            }
            _ => IpAddr::V6(v6),
        },
        IpAddr::V4(v4) => IpAddr::V4(v4),
    }
}

fn is_harmless(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            // 0.0.0.0/8 is "this host", 240.0.0.0/4 is reserved.
            !(v4.is_loopback()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.octets()[0] == 0
                || v4.octets()[0] >= 240)
        }
        IpAddr::V6(v6) => {
            // ::/96 once held IPv4 addresses, and holds loopback and unspecified.
            !(v6.segments()[..6] == [0; 6]
                || v6.is_unicast_link_local()
                || v6.is_multicast()
                || v6 == METADATA_V6)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(reach: &Reach, address: &str) -> bool {
        reach.allows(address.parse().unwrap())
    }

    #[test]
    fn links_reach_devices_and_not_the_machine_nor_its_clouds_metadata() {
        let reach = Reach::default();
        for allowed in [
            "192.168.1.20",
            "10.0.0.5",
            "172.16.3.4",
            "100.64.1.1",
            "93.184.216.34",
            "fd12::5",
            "2001:db8::1",
        ] {
            assert!(allows(&reach, allowed), "{allowed}");
        }
        for refused in [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "2002:7f00:1::1",
            "fe80::1",
            "ff02::1",
            "fd00:ec2::254",
        ] {
            assert!(!allows(&reach, refused), "{refused}");
        }
    }

    #[test]
    fn who_runs_the_server_can_allow_more() {
        let reach = Reach::new(vec!["127.0.0.0/8".parse().unwrap()]);
        assert!(allows(&reach, "127.0.0.1"));
        assert!(allows(&reach, "::ffff:127.0.0.1"));
        assert!(!allows(&reach, "169.254.169.254"));
    }
}
