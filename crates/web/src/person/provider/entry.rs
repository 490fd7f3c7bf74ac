//! A session as it stands under a name.

use auth::id::SessionHash;
use auth::subject::Subject;
use auth::time::Timestamp;
use serde::{Deserialize, Serialize};
use upstream_aws::{WebKey, WebKind};

use crate::list;
use crate::person::open::Open;

/// Hashes and names, as they are sealed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    browser: String,
    session: String,
    subject: String,
    sid: Option<String>,
    end: u64,
    /// The session's id was shown: a client may have it.
    #[serde(default)]
    handed: bool,
}

impl Entry {
    pub(super) fn of(open: &Open, end: Timestamp) -> Self {
        Self {
            browser: open.browser.hash().as_str().to_owned(),
            session: open.session.as_str().to_owned(),
            subject: open.subject.id().to_owned(),
            sid: open.sid.clone(),
            end: end.seconds(),
            handed: false,
        }
    }

    /// The session. Nothing if the entry is none of ours.
    pub(super) fn open(&self, issuer: &str) -> Option<Open> {
        let browser = SessionHash::parse(&self.browser)?;
        Some(Open {
            browser: WebKey::of_session(WebKind::Session, &browser),
            session: SessionHash::parse(&self.session)?,
            subject: Subject::new(issuer, &self.subject).ok()?,
            sid: self.sid.clone(),
        })
    }

    pub(super) fn is(&self, session: &SessionHash) -> bool {
        self.session == session.as_str()
    }

    pub(super) fn is_handed(&self) -> bool {
        self.handed
    }

    pub(super) fn hand(&mut self) {
        self.handed = true;
    }
}

impl list::Entry for Entry {
    /// When the row ends.
    fn end(&self) -> Timestamp {
        Timestamp::from_seconds(self.end)
    }
}

#[cfg(test)]
mod tests {
    use auth::id::SessionReference;
    use auth::subject::Subject;
    use auth::time::Timestamp;
    use upstream_aws::{WebKey, WebKind};

    use super::{Entry, Open};
    use crate::list::Entry as _;

    #[test]
    fn a_session_reads_back_and_a_strange_entry_is_none() {
        let open = Open {
            browser: WebKey::of(WebKind::Session, b"a cookie").unwrap(),
            session: SessionReference::parse(&"s".repeat(43)).unwrap().hash(),
            subject: Subject::new("https://tenant.example/", "auth0|alice").unwrap(),
            sid: Some("s-1".to_owned()),
        };
        let text = serde_json::to_string(&Entry::of(&open, Timestamp::from_seconds(9))).unwrap();
        assert!(!text.contains("a cookie"));
        let entry: Entry = serde_json::from_str(&text).unwrap();
        assert_eq!(entry.open("https://tenant.example/"), Some(open.clone()));
        let before = text.replace(",\"handed\":false", "");
        assert!(before != text && serde_json::from_str(&before).is_ok_and(|entry: Entry| !entry.is_handed()));
        assert!(entry.is(&open.session) && entry.lasts(Timestamp::from_seconds(8)));
        assert!(!entry.lasts(Timestamp::from_seconds(9)));
        assert_eq!(Entry { session: "x".to_owned(), ..entry }.open("https://tenant.example/"), None);
    }
}
