//! How many connections one address may hold at once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::rim::Block;

/// Connections of one address at once. A browser opens six.
pub(super) const MOST_OF_ONE: usize = 32;

/// Who holds how many.
#[derive(Clone, Default)]
pub(super) struct Places(Arc<Mutex<HashMap<Block, usize>>>);

/// One connection's. It is given back when this is dropped.
pub(super) struct Place {
    of: Block,
    places: Places,
}

impl Places {
    /// Nothing if this address holds as many as it may.
    pub(super) fn take(&self, address: IpAddr) -> Option<Place> {
        let of = Block::of(address);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(of).or_default();
        if *count >= MOST_OF_ONE {
            return None;
        }
        *count += 1;
        Some(Place { of, places: self.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = held.get(&self.of).copied().unwrap_or_default().saturating_sub(1);
        if left == 0 {
            held.remove(&self.of);
        } else {
            held.insert(self.of, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_OF_ONE, Places};

    #[test]
    fn an_address_holds_so_many_and_gets_one_back_when_one_ends() {
        let places = Places::default();
        let one = "192.0.2.7".parse().unwrap();
        let mut held: Vec<_> = (0..MOST_OF_ONE).map(|_| places.take(one).unwrap()).collect();
        assert!(places.take(one).is_none());
        assert!(places.take("192.0.2.8".parse().unwrap()).is_some(), "another is not held up");
        held.pop();
        held.push(places.take(one).unwrap());
        assert!(places.take(one).is_none());
        drop(held);
        assert!(places.0.lock().unwrap().is_empty(), "nothing is remembered of who has left");
    }
}
