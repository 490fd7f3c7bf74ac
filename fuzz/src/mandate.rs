//! A mandate, made the only way there is, from any reply of the authorizer.

use auth::decision::{Check, Decision};
use auth::id::{Agent, AgentId, SessionReference};
use auth::mandate::{Asks, Mandate};
use auth::refusal::Refusal;
use auth::secret::Secret;
use auth::session::{Row, Session, Tokens};
use auth::subject::Subject;
use auth::ticket::{Door, Minter, Origin, Statement, Ticket, TicketKeys};
use serde_json::json;

use crate::NOW;

const AGENT: &str = "AGENT12345";

struct Reads;

impl Asks<()> for Reads {
    fn question(&self, _: &Session, (): &()) -> Result<Check, Refusal> {
        Check::new("alice@example.com", "read_okta", "okta:groups").map_err(Refusal::invalid_input)
    }
}

/// The question that is asked for it.
pub fn check() -> Check {
    Check::new("alice@example.com", "read_okta", "okta:groups").unwrap().asked_by(AgentId::parse(AGENT).unwrap())
}

/// Of Alice, if `decision` allows it.
pub fn issue(decision: Decision) -> Result<Mandate<()>, Refusal> {
    let minter = Minter::from_seed("web", "w1", &[1; 32]).unwrap();
    let setting =
        json!({"minters": [{"name": "web", "doors": ["function-details"], "jwks": {"keys": [minter.public_jwk()]}}]});
    let keys = TicketKeys::parse(&setting.to_string()).unwrap();
    let subject = Subject::new("https://tenant.example/", "oidc|okta-oidc|00u1").unwrap();
    let agent = Agent { id: AGENT.to_owned(), alias: "ALIAS67890".to_owned() };
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
        agent: None,
        expires_at: NOW.plus(3600),
        version: 1,
        lease: None,
        tokens: Tokens::new(Secret::new("v1.refresh-of-alice".to_owned())),
    };
    let session = row.confirm(&ticket, NOW).ok().unwrap();
    Mandate::issue(&Reads, ticket, session, decision, ())
}

/// Of Alice.
pub fn mandate() -> Mandate<()> {
    let reply = json!({"statusCode": 200, "isAuthorized": true, "reason": "allowed", "modelId": "m", "check": check()});
    issue(Decision::from_reply(check(), reply.to_string().as_bytes()).unwrap()).ok().unwrap()
}
