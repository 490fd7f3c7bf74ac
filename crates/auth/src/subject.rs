//! A person at their issuer, and how the authorizer names them.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::refusal::{Code, Refusal};
use crate::session::Session;

/// All that RFC 3986 section 2.3 does not call unreserved is encoded, so that `|`, `:`, `#`, `@` and white space cannot
/// appear in an encoded part.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The longest user id that OpenFGA takes after `user:`, in bytes.
const LONGEST_USER: usize = 507;

/// A person: the issuer that signed for them and the id that it gave them. Never an e-mail address (OpenID Connect Core
/// section 5.7).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    issuer: String,
    id: String,
}

impl Subject {
    /// The issuer as it is written in tokens (Auth0's ends in a slash) and a subject of 1 to 255 characters.
    ///
    /// # Errors
    /// `auth_required` if either is empty or too long.
    pub fn new(issuer: &str, id: &str) -> Result<Self, Refusal> {
        if issuer.is_empty() || issuer.len() > 255 || id.is_empty() || id.len() > 255 {
            return Err(Refusal::auth_required("subject: issuer and id must have 1 to 255 characters"));
        }
        Ok(Self { issuer: issuer.to_owned(), id: id.to_owned() })
    }

    /// The issuer, byte for byte as in its tokens.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The subject id at that issuer.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `ISSUER|SUBJECT`, each percent-encoded: the id of the authorizer's `user`, as in
    /// `https%3A%2F%2Ftenant.example%2F|oidc%7Cokta-oidc%7C00u1`. Two people never share one, because `|` is always
    /// encoded inside a part.
    #[must_use]
    pub fn encoded(&self) -> String {
        format!("{}|{}", utf8_percent_encode(&self.issuer, RESERVED), utf8_percent_encode(&self.id, RESERVED))
    }
}

/// Which text stands for a person in the authorizer's tuples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectRule {
    /// [`Subject::encoded`]. The default.
    IssuerAndSubject,
    /// The verified e-mail address, for tuples written as `user:alice@example.com`. Only for people who signed in by
    /// one of these connections: whoever runs a connection decides which addresses it calls verified.
    VerifiedEmail {
        /// Connection names whose verified addresses are trusted.
        connections: BTreeSet<String>,
    },
}

impl SubjectRule {
    /// The authorizer's user id, without `user:`, for the person of this session.
    ///
    /// # Errors
    /// `access_denied` if the rule wants an address that the session does not have, or has from a connection that is not
    /// listed, or if the id would be longer than OpenFGA takes.
    pub fn user_of(&self, session: &Session) -> Result<String, Refusal> {
        let user = match self {
            Self::IssuerAndSubject => session.subject().encoded(),
            Self::VerifiedEmail { connections } => match (session.email(), session.connection()) {
                (Some(email), Some(connection)) if connections.contains(connection) => email.as_str().to_owned(),
                _ => return Err(denied("subject rule: no verified e-mail from a trusted connection")),
            },
        };
        if user.len() > LONGEST_USER {
            Err(denied("subject rule: the user id is too long for OpenFGA"))
        } else {
            Ok(user)
        }
    }
}

fn denied(cause: &str) -> Refusal {
    Refusal::new(Code::AccessDenied, cause)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Subject;

    #[test]
    fn an_encoded_subject_holds_nothing_that_the_authorizer_reads_as_syntax() {
        let subject = Subject::new("https://tenant.example/", "oidc|okta-oidc|00u1").unwrap();
        assert_eq!(subject.encoded(), "https%3A%2F%2Ftenant.example%2F|oidc%7Cokta-oidc%7C00u1");
    }

    #[test]
    fn an_issuer_and_an_id_have_1_to_255_bytes_each() {
        let (most, more) = ("x".repeat(255), "x".repeat(256));
        assert!(Subject::new(&most, &most).is_ok());
        for (issuer, id) in [("", "x"), ("x", ""), (more.as_str(), "x"), ("x", more.as_str())] {
            assert!(Subject::new(issuer, id).is_err(), "{} and {}", issuer.len(), id.len());
        }
    }

    proptest! {
        #[test]
        fn two_people_never_share_an_encoding(a in ".{1,40}", b in ".{1,40}", c in ".{1,40}", d in ".{1,40}") {
            let (one, two) = (Subject::new(&a, &b), Subject::new(&c, &d));
            if let (Ok(one), Ok(two)) = (one, two) {
                prop_assert_eq!(one == two, one.encoded() == two.encoded());
                prop_assert!(!one.encoded().contains([':', '#', '@', ' ', '\n']));
            }
        }
    }
}
