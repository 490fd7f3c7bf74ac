//! A mandate that nobody gave, for putting approvals on their way: the request at Auth0 and the permit take one.

use std::sync::Arc;

use auth::approval::{Approved, Binding};
use auth::decision::{Check, Decision};
use auth::mandate::{Asks, Mandate};
use auth::refusal::Refusal;
use auth::secret::Secret;
use auth::session::{Row, Session};
use auth::time::Timestamp;
use serde_json::{Value, json};
use upstream_http::auth0::ciba::Ciba;
use upstream_http::auth0::{Client, Provider};
use upstream_http::jwks::Keys;
use url::Url;

use super::soon;
use crate::World;

/// Who asks for what.
pub(super) struct Errand<'a> {
    pub(super) world: &'a World,
    pub(super) row: &'a Row,
    pub(super) arguments: &'a Value,
}

/// A question that the harness answers itself.
struct Sure;

impl Asks<Value> for Sure {
    fn question(&self, _: &Session, _: &Value) -> Result<Check, Refusal> {
        Check::new("somebody", "may", "do:this").map_err(Refusal::invalid_input)
    }
}

impl Errand<'_> {
    /// A mandate for what the approval is about.
    pub(super) fn mandate(&self, binding: &Binding, at: Timestamp) -> Result<Mandate<Value>, String> {
        let cause = |refusal: Refusal| refusal.cause().to_owned();
        let approved = Approved::stored(binding.clone(), 1);
        let session = self.row.clone().confirm_approved(&approved, at).map_err(cause)?;
        let check = Sure.question_again(&approved, &session, self.arguments).map_err(cause)?;
        let reply =
            json!({"statusCode": 200, "isAuthorized": true, "reason": "allowed", "modelId": "none", "check": check});
        let decision = Decision::from_reply(check, reply.to_string().as_bytes()).map_err(cause)?;
        Mandate::resume(&Sure, &approved, session, decision, self.arguments.clone()).map_err(cause)
    }

    /// Sends the push by the real client; the provider's id of the request.
    pub(super) async fn ask(&self, binding: &Binding, at: Timestamp) -> Result<Secret, String> {
        let (laptop, mandate) = (&self.world.laptop, self.mandate(binding, at)?);
        let (web, issuer) = (&laptop.stack.web, laptop.stack.auth0.issuer());
        let base = Url::parse(issuer).map_err(|error| error.to_string())?;
        let (id, secret) = (web.id.clone(), Secret::new(web.secret.clone()).into());
        let client = Client { base, id, secret, provider: Provider::default() };
        let keys = Keys::new(laptop.transport.clone(), client.keys(), laptop.clock.clone());
        let ciba = Ciba::new(laptop.transport.clone(), issuer.to_owned(), client, Arc::new(keys));
        let started = ciba.start(&mandate, binding, &binding.tool, at, soon()).await;
        started.map(|started| started.auth_req_id).map_err(|error| error.to_string())
    }
}
