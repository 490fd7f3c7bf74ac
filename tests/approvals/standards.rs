//! What OpenID Connect CIBA Core asks of a client, and what Auth0 adds, statement by statement. Here is what shows only when
//! both functions run; the rest is beside the code that it is about. Above each test stand the statements it holds.

mod keeping;
mod named;
mod polling;
mod starting;
mod traffic;

use acceptance::Approvals;
use devstack::fault::{Effect, Fault};
use devstack::stack::APPROVAL_QUEUE;
use serde_json::Value;

const VPN: [(&str, &str); 2] = [("user", "bob@example.com"), ("group", "VPN users")];

/// Auth0's next answer to requests that begin so is made into another by this.
fn at_auth0(approvals: &Approvals, on: &str, effect: Effect) {
    let fault = Fault { on: on.to_owned(), times: Some(1), skip: 0, effect };
    approvals.world.laptop.stack.auth0.double.fault(fault);
}

/// An answer of this status and body; with the header `Retry-After` if it says one.
fn answer(status: u16, body: &Value, retry_after: Option<&str>) -> Effect {
    let headers = retry_after.iter().map(|value| ("retry-after".to_owned(), (*value).to_owned())).collect();
    Effect::Answer { status, headers, body: body.to_string() }
}

/// How often Auth0's token endpoint was asked, for whatever reason.
fn token_requests(approvals: &Approvals) -> u64 {
    approvals.world.laptop.stack.auth0.double.requests_to("POST /oauth/token")
}

/// The delays of all messages so far, in seconds.
fn delays(approvals: &Approvals) -> Vec<u64> {
    approvals.world.laptop.stack.sqs.sent(APPROVAL_QUEUE).iter().map(|sent| sent.delay).collect()
}
