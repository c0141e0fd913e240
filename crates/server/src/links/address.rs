//! Where a link may lead. An admin of a tenant says the address, and the server stands in networks that
//! the admin does not: so what a link must not be made to reach is decided here, for the address that is really dialled
//! and not for the name it was given by.
//!
//! Devices live in private networks, so those are allowed, as public addresses are. Refused are the server's own
//! machine (loopback, unspecified, and every address of its interfaces), link-local addresses, the addresses at which
//! clouds keep their metadata services, and addresses that are nobody's (multicast, broadcast, reserved).
//! `--link-network` allows more.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use ipnet::IpNet;

/// Metadata services outside the link-local networks: Alibaba's, Oracle's, Azure's.
const METADATA_V4: [Ipv4Addr; 3] =
    [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(192, 0, 0, 192), Ipv4Addr::new(168, 63, 129, 16)];
/// AWS's and Google's, in the private range.
const METADATA_V6: [Ipv6Addr; 2] =
    [Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)];

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
        self.also.iter().any(|network| network.contains(&address))
            || (is_harmless(address) && !is_of_this_machine(address))
    }
}

/// The IPv4 address that an IPv6 one stands for: mapped (`::ffff:127.0.0.1`), translated (`::ffff:0:127.0.0.1`,
/// RFC 2765), of NAT64's well-known prefix (`64:ff9b::7f00:1`, RFC 6052) or of 6to4 (`2002:7f00:1::`, RFC 3056).
fn plain(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => match v6.segments() {
            [0x64, 0xff9b, 0, 0, 0, 0, high, low]
            | [0, 0, 0, 0, 0xffff, 0, high, low]
            | [0x2002, high, low, ..] => {
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
                || v4.octets()[0] >= 240
                || METADATA_V4.contains(&v4))
        }
        IpAddr::V6(v6) => {
            // ::/96 once held IPv4 addresses, and holds loopback and unspecified. Where in an address of 64:ff9b:1::/48
            // (RFC 8215) the IPv4 one stands is each network's own affair, so all of it is refused.
            !(v6.segments()[..6] == [0; 6]
                || v6.segments()[..3] == [0x64, 0xff9b, 1]
                || v6.is_unicast_link_local()
                || v6.is_multicast()
                || METADATA_V6.contains(&v6))
        }
    }
}

/// Whether it is an address of one of this machine's interfaces: what is sent there is sent from there. Connecting a
/// datagram socket asks the system's routes and sends nothing.
fn is_of_this_machine(address: IpAddr) -> bool {
    let any: IpAddr = match address {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let source = UdpSocket::bind(SocketAddr::new(any, 0)).and_then(|socket| {
        socket.connect(SocketAddr::new(address, 9))?;
        socket.local_addr()
    });
    // Without a route nothing is reached either.
    source.is_ok_and(|source| source.ip() == address)
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
            "fd20:ce::254",
            "100.100.100.200",
            "192.0.0.192",
            "168.63.129.16",
            "64:ff9b:1::a9fe:a9fe",
            "64:ff9b:1:ffff::1",
            "64:ff9b::6464:64c8",
            "::ffff:0:127.0.0.1",
            "::ffff:0:a9fe:a9fe",
            "::ffff:168.63.129.16",
        ] {
            assert!(!allows(&reach, refused), "{refused}");
        }
    }

    #[test]
    fn the_servers_own_addresses_are_recognised_by_their_routes() {
        // What else there is differs from machine to machine.
        assert!(is_of_this_machine("127.0.0.1".parse().unwrap()));
        assert!(!is_of_this_machine("192.0.2.1".parse().unwrap()));
        let outside = UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
            socket.connect("192.0.2.1:9")?;
            socket.local_addr()
        });
        if let Ok(own) = outside {
            assert!(!Reach::default().allows(own.ip()), "{own}");
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
