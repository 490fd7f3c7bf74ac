//! Changes: each is sent once, and says truthfully what became of it.

use auth::approval::Permit;
use auth::mandate::Mandate;
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::time::Instant;

use super::{CALL_LIMIT, Okta, OktaError, Right, unreached};
use crate::transport::{Call, Reply, TransportError};

/// What became of a change. There is nothing to try again after any of them: the permit is used up.
#[derive(Debug, PartialEq, Eq)]
pub enum Acted {
    /// Okta says that it is done.
    Done,
    /// It was definitely not done, for this reason.
    Refused(OktaError),
    /// It was sent, and may have been done or not: no complete answer, or one that says neither.
    Unknown,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Problem {
    error_code: String,
}

/// Lets a permit be used for nothing but the mandate that it was spent for. It ends here.
pub(super) fn admit<A>(mandate: &Mandate<A>, permit: Permit, ids_fit: bool) -> Result<(), Acted> {
    let fits = ids_fit && mandate.is_permitted_by(&permit);
    drop(permit);
    if fits { Ok(()) } else { Err(Acted::Refused(OktaError::NotApproved)) }
}

impl Okta {
    /// Sends a change, once.
    pub(super) async fn act(&self, call: Call<'_>, right: &Right, until: Instant) -> Acted {
        // What stands before Okta answers 411 to a change without a length, and hyper sends none for an absent body.
        let call = call.header(http::header::CONTENT_LENGTH, "0").at_most(CALL_LIMIT);
        match call.send(until).await {
            Ok(reply) if is_done(&reply) => Acted::Done,
            Ok(reply) => self.sort(&reply, right),
            Err(error @ (TransportError::Unreachable | TransportError::OutOfTime)) => Acted::Refused(unreached(error)),
            Err(TransportError::TimedOut | TransportError::Broken | TransportError::TooLarge) => Acted::Unknown,
        }
    }

    fn sort(&self, reply: &Reply, right: &Right) -> Acted {
        let problem: Option<Problem> = reply.json();
        let code = problem.as_ref().map(|problem| problem.error_code.as_str());
        Acted::Refused(match (reply.status(), code) {
            (403, Some("E0000038")) => OktaError::NotPossible("the account's present status does not allow it"),
            (403, Some("E0000032")) => OktaError::NotPossible("the account is not locked"),
            (501, Some("E0000060")) => OktaError::NotPossible("the members of this group are not kept in Okta"),
            // A 408 may come from something in between that gave up waiting for Okta.
            (400..=407 | 409..=499, _) => self.refuse_for(reply, right),
            _ => return Acted::Unknown,
        })
    }
}

/// 204, or a 200 that is empty or a JSON object: a 200 of anything else is not Okta's.
fn is_done(reply: &Reply) -> bool {
    match reply.status() {
        204 => true,
        200 => reply.body().is_empty() || reply.json::<Map<String, Value>>().is_some(),
        _ => false,
    }
}
