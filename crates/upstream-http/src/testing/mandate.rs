//! A mandate, made the only way there is.

use auth::decision::{Check, Decision};
use auth::id::{Agent, SessionReference};
use auth::mandate::{Asks, Mandate};
use auth::refusal::Refusal;
use auth::secret::Secret;
use auth::session::{Row, Session, Tokens};
use auth::subject::Subject;
use auth::ticket::{Door, Minter, Origin, Statement, Ticket, TicketKeys};
use auth::time::Timestamp;
use serde_json::json;

pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
pub(super) const REFRESH_TOKEN: &str = "v1.refresh-of-alice";

struct Reading;

impl Asks for Reading {
    type Args = ();

    fn question(&self, _session: &Session, (): &()) -> Result<Check, Refusal> {
        Ok(Check::new("alice", "read_okta", "okta:groups").unwrap())
    }
}

pub(super) fn mandate() -> Mandate<()> {
    let minter = Minter::from_seed("web", "w1", &[1; 32]).unwrap();
    let setting =
        json!({"minters": [{"name": "web", "doors": ["function-details"], "jwks": {"keys": [minter.public_jwk()]}}]});
    let keys = TicketKeys::parse(&setting.to_string()).unwrap();
    let subject = Subject::new("https://tenant.example/", "oidc|okta-oidc|00u1").unwrap();
    let agent = Agent { id: "AGENT12345".to_owned(), alias: "ALIAS67890".to_owned() };
    let session = SessionReference::parse("2f0d7a9e-session").unwrap();
    let hash = session.hash();
    let statement = Statement { subject: &subject, organization: None, agent: &agent, session: &hash };
    let token = minter.mint(&statement, NOW, 300);
    let origin = Origin { door: Door::FunctionDetails, agent: &agent, session: &session };
    let ticket = Ticket::verify(&token, &keys, &origin, NOW).unwrap();
    let row = Row {
        hash,
        subject,
        organization: None,
        email: None,
        connection: None,
        expires_at: NOW.plus(3600),
        version: 1,
        lease: None,
        tokens: Tokens::new(Secret::new(REFRESH_TOKEN.to_owned())),
    };
    let session = row.confirm(&ticket, NOW).ok().unwrap();
    let check = Reading.question(&session, &()).unwrap();
    let reply =
        json!({"statusCode": 200, "isAuthorized": true, "reason": "allowed", "modelId": "01H", "check": &check});
    let decision = Decision::from_reply(check, reply.to_string().as_bytes()).unwrap();
    Mandate::issue(&Reading, ticket, session, decision, ()).ok().unwrap()
}
