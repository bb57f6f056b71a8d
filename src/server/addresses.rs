//! How many connections each address holds, on all cores.
//!
//! One number for each of a fixed count of slots, as in [`crate::ops::allowance`]: whoever comes from however many
//! addresses, the memory stays the same, and nobody can choose whom to share a slot with. An address that holds its fill
//! is told so with a page; an eighth beyond, its connections are closed before that. Before either, those of its
//! connections leave that rest longest ([`super::shortage`]), so that whoever shares it is served.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use crate::ops::random::KeyedHash;

/// 64 KiB.
const SLOTS: usize = 16_384;

/// Where an address is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Slot(u16);

/// What addresses hold.
pub(super) struct Addresses(Option<Limited>);

struct Limited {
    bound: u32,
    hasher: KeyedHash,
    held: Box<[AtomicU32]>,
    /// Slots of which some connections are to leave.
    crowded: AtomicUsize,
}

/// The address holds more than a page is due for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooMany;

/// One connection of an address, until it is dropped.
pub(super) struct Holding {
    addresses: Arc<Addresses>,
    slot: Slot,
    is_beyond: bool,
}

/// How many are held, and how many may be before some are to be let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fill {
    pub(super) held: usize,
    pub(super) comfortable: usize,
}

impl Addresses {
    /// `bound` for each, or without a limit.
    pub(super) fn new(bound: Option<NonZeroU32>) -> Self {
        Self(bound.map(|bound| Limited {
            bound: bound.get(),
            hasher: KeyedHash::default(),
            held: std::iter::repeat_with(AtomicU32::default).take(SLOTS).collect(),
            crowded: AtomicUsize::default(),
        }))
    }

    /// Counts one more connection of `address`; there is nothing to count without a limit.
    pub(super) fn hold(this: &Arc<Self>, address: IpAddr) -> Result<Option<Holding>, TooMany> {
        let Some(limited) = &this.0 else { return Ok(None) };
        let slot = limited.slot(address);
        let before = limited.take(slot)?;
        Ok(Some(Holding { addresses: this.clone(), slot, is_beyond: before >= limited.bound }))
    }

    /// Whether any has so many connections that some of them are to leave.
    pub(super) fn are_crowded(&self) -> bool {
        self.0.as_ref().is_some_and(|limited| limited.crowded.load(Ordering::Relaxed) > 0)
    }

    /// What the addresses of `slot` hold.
    pub(super) fn fill(&self, slot: Slot) -> Fill {
        self.0.as_ref().map_or(Fill { held: 0, comfortable: 0 }, |limited| Fill {
            held: limited.held[usize::from(slot.0)].load(Ordering::Relaxed) as usize,
            comfortable: limited.comfortable() as usize,
        })
    }
}

impl Limited {
    fn slot(&self, address: IpAddr) -> Slot {
        Slot(u16::try_from(self.hasher.slot(whole(address), SLOTS)).unwrap_or_default())
    }

    /// From one more on, connections are to leave.
    fn comfortable(&self) -> u32 {
        self.bound - self.bound / 8
    }

    /// How many were held before this one.
    fn take(&self, slot: Slot) -> Result<u32, TooMany> {
        let most = self.bound.saturating_add((self.bound / 8).max(1));
        let one_more = |held| (held < most).then_some(held + 1);
        let held = &self.held[usize::from(slot.0)];
        let before = held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).map_err(|_| TooMany)?;
        if before == self.comfortable() {
            self.crowded.fetch_add(1, Ordering::Relaxed);
        }
        Ok(before)
    }

    fn give_back(&self, slot: Slot) {
        let before = self.held[usize::from(slot.0)].fetch_sub(1, Ordering::Relaxed);
        if before == self.comfortable() + 1 {
            self.crowded.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Holding {
    pub(super) fn slot(&self) -> Slot {
        self.slot
    }

    /// Whether its address held its fill before.
    pub(super) fn is_beyond(&self) -> bool {
        self.is_beyond
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        if let Some(limited) = &self.addresses.0 {
            limited.give_back(self.slot);
        }
    }
}

/// Where translators have IPv4 addresses (RFC 6052 §2.1): all of IPv4 in one /64.
const TRANSLATED: u128 = 0x0064_ff9b << 96;

/// What counts as one address: of IPv6 the /64 that a household or a host is given.
pub(super) fn whole(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) if address.to_bits() >> 32 == TRANSLATED >> 32 => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn bounded(bound: u32) -> Arc<Addresses> {
        Arc::new(Addresses::new(NonZeroU32::new(bound)))
    }

    fn hold(addresses: &Arc<Addresses>) -> Holding {
        Addresses::hold(addresses, ONE).ok().flatten().unwrap()
    }

    #[test]
    fn an_address_holds_its_bound_then_pages_for_an_eighth_and_then_nothing() {
        let addresses = bounded(16);
        let held: Vec<_> = (0..18).map(|_| hold(&addresses)).collect();
        let beyond: Vec<_> = held.iter().map(Holding::is_beyond).collect();
        assert_eq!(beyond, [[false; 16].as_slice(), &[true; 2]].concat());
        assert!(Addresses::hold(&addresses, ONE).is_err());
        assert!(Addresses::hold(&addresses, OTHER).is_ok_and(|other| !other.unwrap().is_beyond()));
        drop(held);
        assert!(!hold(&addresses).is_beyond(), "it holds no more");
    }

    #[test]
    fn an_address_that_may_hold_one_gets_a_page_for_the_second() {
        let addresses = bounded(1);
        let (first, second) = (hold(&addresses), hold(&addresses));
        assert!(!first.is_beyond() && second.is_beyond());
        assert!(Addresses::hold(&addresses, ONE).is_err());
    }

    #[test]
    fn an_address_is_crowded_from_seven_eighths_on_and_not_before() {
        let addresses = bounded(16);
        let mut held: Vec<_> = (0..14).map(|_| hold(&addresses)).collect();
        assert!(!addresses.are_crowded());
        held.push(hold(&addresses));
        assert!(addresses.are_crowded());
        assert_eq!(addresses.fill(held[0].slot()), Fill { held: 15, comfortable: 14 });
        held.pop();
        assert!(!addresses.are_crowded());
    }

    #[test]
    fn without_a_bound_nothing_is_counted() {
        let addresses = Arc::new(Addresses::new(None));
        assert!((0..100_000).all(|_| Addresses::hold(&addresses, ONE).is_ok_and(|holding| holding.is_none())));
        assert!(!addresses.are_crowded());
    }

    #[test]
    fn an_ipv6_host_has_one_address_however_many_it_uses() {
        let of = |text: &str| whole(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8:0:0:ffff::2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_ne!(of("::ffff:192.0.2.1"), of("::ffff:192.0.2.2"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }

    /// Behind a translator (SIIT-DC, RFC 7755) one client used up what all of IPv4 may hold.
    #[test]
    fn clients_behind_a_translator_from_ipv4_are_told_apart() {
        let of = |text: &str| whole(text.parse().unwrap());
        assert_ne!(of("64:ff9b::192.0.2.1"), of("64:ff9b::192.0.2.2"));
        assert_eq!(of("64:ff9b::1:192.0.2.1"), of("64:ff9b::1:192.0.2.2"), "outside of the /96");
        assert_eq!(of("64:ff9b:1::192.0.2.1"), of("64:ff9b:1::192.0.2.2"));
    }
}
