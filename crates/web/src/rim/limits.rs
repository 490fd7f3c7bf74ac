//! How often an address or a session may ask.
//!
//! Tables of our own: what there is to take brings a background task or grows with the number of addresses. Here time is
//! passed in. A full table forgets only those who have all that they ever had, so nobody gains by being forgotten; who finds no
//! place shares one with all others who find none.

mod table;

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use auth::time::Timestamp;
use upstream_aws::WebKey;

use self::table::Table;
use super::network::Block;

/// How much may be asked: `burst` at once, and then so many a minute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    pub(crate) burst: u64,
    /// Requests in a minute after that.
    pub(crate) a_minute: u64,
}

/// Any request of one address, but those of sessions that are known.
pub(crate) const ADDRESS: Rate = Rate { burst: 120, a_minute: 600 };
/// Any request of one session.
pub(crate) const SESSION: Rate = Rate { burst: 120, a_minute: 600 };
/// Sign-ins that one address begins: each writes an item.
pub(crate) const SIGN_INS: Rate = Rate { burst: 20, a_minute: 30 };
/// Messages of one session.
pub(crate) const MESSAGES: Rate = Rate { burst: 10, a_minute: 20 };
/// Other changes of one session.
pub(crate) const CHANGES: Rate = Rate { burst: 20, a_minute: 30 };

/// Who asked how much: addresses and sessions apart, so that neither takes the other's places.
#[derive(Default)]
pub(crate) struct Limits {
    addresses: Mutex<Table<(&'static str, Block)>>,
    sessions: Mutex<Table<String>>,
    /// Sessions whose cookie was good a while ago, by their hashes.
    known: Mutex<Table<String>>,
}

impl Limits {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Takes one request of `who`, which is something signed in, or says after how many seconds there is one.
    pub(crate) fn take(&self, who: &str, rate: Rate, now: Timestamp) -> Result<(), u64> {
        locked(&self.sessions).take(who.to_owned(), rate, now)
    }

    /// The same of an address, for one purpose.
    pub(crate) fn take_of(&self, what: &'static str, address: IpAddr, rate: Rate, now: Timestamp) -> Result<(), u64> {
        locked(&self.addresses).take((what, Block::of(address)), rate, now)
    }

    /// Remembers that the cookie of this session was good: what it asks is counted as the session's from now on.
    pub(crate) fn know(&self, session: &WebKey, now: Timestamp) {
        locked(&self.known).know(session.hash().as_str().to_owned(), SESSION, now);
    }

    /// Takes one request of a session if it is known. Whether its cookie is still good is for others to say; so nobody gets a
    /// count of their own by a cookie that was never good.
    pub(crate) fn take_known(&self, session: &WebKey, now: Timestamp) -> Option<Result<(), u64>> {
        locked(&self.known).take_known(session.hash().as_str(), now)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use auth::time::Timestamp;
    use upstream_aws::{WebKey, WebKind};

    use super::{ADDRESS, Limits, SESSION};

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    #[test]
    fn an_address_has_a_count_for_each_purpose_and_a_network_of_version_6_has_one() {
        let limits = Limits::new();
        for number in 0..ADDRESS.burst {
            let address = format!("2001:db8::{number:x}").parse().unwrap();
            assert_eq!(limits.take_of("any", address, ADDRESS, NOW), Ok(()));
        }
        let another = "2001:db8::ffff".parse().unwrap();
        assert!(limits.take_of("any", another, ADDRESS, NOW).is_err());
        assert_eq!(limits.take_of("sign-in", another, ADDRESS, NOW), Ok(()));
        assert_eq!(limits.take_of("any", "2001:db8:0:1::1".parse().unwrap(), ADDRESS, NOW), Ok(()));
    }

    #[test]
    fn a_session_is_counted_by_itself_only_once_it_is_known() {
        let limits = Limits::new();
        let session = WebKey::of(WebKind::Session, b"a cookie").unwrap();
        assert_eq!(limits.take_known(&session, NOW), None);
        assert_eq!(limits.take_known(&session, NOW), None, "to ask does not make it known");
        for _ in 0..SESSION.burst {
            limits.know(&session, NOW);
            assert_eq!(limits.take_known(&session, NOW), Some(Ok(())));
        }
        limits.know(&session, NOW);
        assert_eq!(limits.take_known(&session, NOW), Some(Err(1)), "to be known once more gives nothing back");
    }
}
