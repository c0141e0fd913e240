//! Who is at the other end of a request. The peer of the connection, unless that is a proxy that this
//! server was told to trust: then what the proxy says of who is behind it.
//!
//! `X-Forwarded-For` grows to the right, and everything to the left of the last trusted hop can be made
//! up by whoever sends the request. So it is read from the right, and the first address that is no
//! trusted proxy is the client.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use ipnet::IpNet;

/// The other end of a connection, as every request on it carries.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Who asks, as far as the network can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    pub network: Network,
    /// Whether the way from there is encrypted, at least up to a proxy in front.
    pub encrypted: bool,
}

/// What limits are counted by: an IPv4 address or the /64 of an IPv6 address, which is the least that
/// one household is given and so the least that nobody can have many of for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

impl Network {
    /// The larger network of so many bits that it is in; an IPv4 address is in none.
    pub fn of_ipv6(self, bits: u32) -> Option<Self> {
        let IpAddr::V6(address) = self.0 else { return None };
        let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
        Some(Self(IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))))
    }
}

impl Client {
    pub fn of(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet], encrypted: bool) -> Self {
        let peer = peer.to_canonical();
        if !is_one_of(proxies, peer) {
            return Self { network: peer.into(), encrypted };
        }
        let address = forwarded_for(headers, proxies).unwrap_or(peer);
        let proto = last(headers, "x-forwarded-proto");
        Self {
            network: address.into(),
            encrypted: encrypted || proto.is_some_and(|proto| proto.eq_ignore_ascii_case("https")),
        }
    }
}

/// The whole address of who asks, for logs that say who did something.
pub fn address_of(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    let forwarded = is_one_of(proxies, peer).then(|| forwarded_for(headers, proxies)).flatten();
    forwarded.unwrap_or(peer)
}

pub fn is_one_of(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address.to_canonical()))
}

/// The last address that is no trusted proxy; if all are trusted, the first. What is no address ends
/// the search: nobody can vouch for what stands to the left of it.
fn forwarded_for(headers: &HeaderMap, proxies: &[IpNet]) -> Option<IpAddr> {
    let mut found = None;
    for value in headers.get_all("x-forwarded-for").iter().rev() {
        for hop in value.to_str().ok()?.rsplit(',') {
            let Some(address) = hop_address(hop.trim()) else { return found };
            found = Some(address);
            if !is_one_of(proxies, address) {
                return found;
            }
        }
    }
    found
}

/// Some proxies write the port as well.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let with_port = || hop.parse().map(|address: SocketAddr| address.ip());
    let bracketed = hop.trim_start_matches('[').trim_end_matches(']');
    bracketed.parse().or_else(|_| with_port()).ok().map(|address: IpAddr| address.to_canonical())
}

fn last<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get_all(name).iter().next_back()?.to_str().ok()?.rsplit(',').next().map(str::trim)
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let nobody = Self { network: IpAddr::V4(Ipv4Addr::UNSPECIFIED).into(), encrypted: false };
        Ok(parts.extensions.get().copied().unwrap_or(nobody))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client(peer: &str, forwarded: &[&str], proto: Option<&str>) -> Client {
        let proxies = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        if let Some(proto) = proto {
            headers.insert("x-forwarded-proto", proto.parse().unwrap());
        }
        Client::of(peer.parse().unwrap(), &headers, &proxies, false)
    }

    fn network(address: &str) -> Network {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn a_stranger_cannot_say_who_he_is() {
        let stranger = client("192.0.2.7", &["198.51.100.1"], Some("https"));
        assert_eq!(stranger, Client { network: network("192.0.2.7"), encrypted: false });
    }

    #[test]
    fn a_trusted_proxy_says_who_is_behind_it() {
        let behind = client("10.0.0.1", &["198.51.100.1"], Some("https"));
        assert_eq!(behind, Client { network: network("198.51.100.1"), encrypted: true });
        assert!(!client("10.0.0.1", &["198.51.100.1"], Some("https, http")).encrypted);
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.1"], None), client("198.51.100.1", &[], None));
    }

    #[test]
    fn what_a_client_makes_up_stands_to_the_left_and_is_not_believed() {
        for forwarded in [
            &["203.0.113.66, 198.51.100.1"][..],
            &["203.0.113.66", "198.51.100.1, 10.0.0.9"],
            &["nonsense, 198.51.100.1,fd00::9"],
            &["203.0.113.66, 198.51.100.1:4711, [fd00::9]:443"],
        ] {
            assert_eq!(client("10.0.0.1", forwarded, None).network, network("198.51.100.1"), "{forwarded:?}");
        }
    }

    #[test]
    fn behind_a_hop_that_is_no_address_the_last_known_one_counts() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1, unknown"], None).network, network("10.0.0.1"));
        assert_eq!(client("10.0.0.1", &["198.51.100.1, _x, 10.0.0.2"], None).network, network("10.0.0.2"));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_bytes(b"\xff").unwrap());
        let proxies = ["10.0.0.0/8".parse().unwrap()];
        let client = Client::of("10.0.0.1".parse().unwrap(), &headers, &proxies, false);
        assert_eq!(client.network, network("10.0.0.1"));
    }

    #[test]
    fn a_household_of_ipv6_is_one() {
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
