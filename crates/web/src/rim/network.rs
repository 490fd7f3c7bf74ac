//! Addresses: what counts as one, and which proxies are believed about the address of whoever they speak for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::{HeaderMap, HeaderName};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What limits take for one address: an address of version 4, or the 64 bits of one of version 6 that name a network, since
/// whoever has one of those has them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Block(IpAddr);

impl Block {
    pub(crate) fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        })
    }
}

/// An address and how many of its bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// `ADDRESS` or `ADDRESS/BITS`, with no bit set behind those that count.
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => most,
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => bits.parse().ok()?,
            Some(_) => return None,
        };
        (1..=most).contains(&bits).then_some(())?;
        (masked(address, bits) == address).then_some(Self { address, bits })
    }

    fn has(&self, address: IpAddr) -> bool {
        self.address.is_ipv4() == address.is_ipv4() && masked(address, self.bits) == self.address
    }
}

fn masked(address: IpAddr, bits: u32) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(bits)).unwrap_or_default();
            IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask))
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(bits)).unwrap_or_default();
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
        }
    }
}

/// The proxies whose `X-Forwarded-For` is believed; by default none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Network>);

impl Proxies {
    /// Of addresses and networks, as `10.0.0.7` or `10.0.0.0/8`. Nothing if one of them is neither.
    #[must_use]
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        texts.into_iter().map(|text| Network::parse(text.trim())).collect::<Option<Vec<_>>>().map(Self)
    }

    /// Whether this is one of them.
    pub(crate) fn trust(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.has(address))
    }

    /// The address of whoever sent a request that came from `peer`.
    ///
    /// Each proxy adds the address that it sees at the end, so the list is read from there, for as long as who added to it is
    /// one of ours. What stands before that, anybody can have written.
    pub(crate) fn sender(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut sender = peer;
        let lists = headers.get_all(FORWARDED_FOR).iter().rev();
        let entries = lists.flat_map(|list| list.as_bytes().rsplit(|byte| *byte == b','));
        for entry in entries {
            if !self.trust(sender) {
                break;
            }
            let Some(address) = std::str::from_utf8(entry).ok().and_then(|text| text.trim().parse().ok()) else {
                break;
            };
            sender = address;
        }
        sender
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use http::{HeaderMap, HeaderValue};

    use super::{Block, FORWARDED_FOR, Proxies};

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_of_version_6_is_one_address_and_so_is_one_of_version_4_in_either_form() {
        assert_eq!(Block::of(address("2001:db8:1:2::1")), Block::of(address("2001:db8:1:2:ffff:ffff:ffff:ffff")));
        assert_ne!(Block::of(address("2001:db8:1:2::1")), Block::of(address("2001:db8:1:3::1")));
        assert_eq!(Block::of(address("::ffff:192.0.2.7")), Block::of(address("192.0.2.7")));
        assert_ne!(Block::of(address("192.0.2.8")), Block::of(address("192.0.2.7")));
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network_and_nothing_else() {
        let proxies = Proxies::parse(["10.0.0.0/8", " 192.0.2.7", "2001:db8::/32", "::1"]).unwrap();
        for trusted in ["10.255.0.1", "192.0.2.7", "2001:db8:ffff::1", "::1", "::ffff:10.0.0.1"] {
            assert!(proxies.trust(address(trusted)), "{trusted}");
        }
        for other in ["11.0.0.1", "192.0.2.8", "2001:db9::1", "::2"] {
            assert!(!proxies.trust(address(other)), "{other}");
        }
        assert!(!Proxies::default().trust(address("127.0.0.1")));
        for odd in
            ["", "x", "10.0.0.1/8", "10.0.0.0/33", "0.0.0.0/0", "::/0", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/8/8"]
        {
            assert_eq!(Proxies::parse([odd]), None, "{odd}");
        }
    }

    #[test]
    fn the_sender_is_who_the_last_proxy_that_is_trusted_saw() {
        let proxies = Proxies::parse(["10.0.0.0/8"]).unwrap();
        let sender = |peer: &str, lists: &[&str]| {
            let mut headers = HeaderMap::new();
            for list in lists {
                headers.append(FORWARDED_FOR, HeaderValue::from_str(list).unwrap());
            }
            proxies.sender(address(peer), &headers).to_string()
        };
        assert_eq!(sender("10.0.0.1", &["192.0.2.7"]), "192.0.2.7");
        assert_eq!(
            sender("10.0.0.1", &["203.0.113.9, 192.0.2.7, 10.0.0.2"]),
            "192.0.2.7",
            "what it claims to be is no matter"
        );
        assert_eq!(sender("10.0.0.1", &["203.0.113.9", "192.0.2.7 ,10.0.0.2"]), "192.0.2.7", "in two headers too");
        assert_eq!(sender("192.0.2.8", &["192.0.2.7"]), "192.0.2.8", "no proxy of ours");
        assert_eq!(sender("10.0.0.1", &["203.0.113.9, x"]), "10.0.0.1");
        assert_eq!(sender("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(sender("10.0.0.1", &["10.0.0.3"]), "10.0.0.3");
    }
}
