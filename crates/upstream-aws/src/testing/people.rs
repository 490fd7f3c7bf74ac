//! Rows of sample people, and mandates to act for them.

use auth::decision::{Check, Decision};
use auth::id::{Agent, AgentId, Login, Organization, SessionReference};
use auth::mandate::{Asks, Mandate};
use auth::refusal::Refusal;
use auth::scope::Scopes;
use auth::secret::Secret;
use auth::session::{FederatedToken, Row, Session, Tokens, Wanted};
use auth::subject::Subject;
use auth::ticket::{Door, Minter, Origin, Statement, Ticket, TicketKeys};
use auth::time::Timestamp;
use serde_json::json;

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// Alice's row: organization, verified address, connection, a federated token, an hour to live.
pub(crate) fn row() -> Row {
    Row {
        hash: reference().hash(),
        subject: Subject::new("https://tenant.example/", "oidc|okta-oidc|00u1").unwrap(),
        organization: Some(Organization("org_acme".to_owned())),
        email: Some(Login::parse("alice@example.com").unwrap()),
        connection: Some("okta-oidc".to_owned()),
        agent: AgentId::parse("AGENT12345"),
        expires_at: NOW.plus(3600),
        version: 1,
        lease: None,
        tokens: tokens("first"),
    }
}

pub(crate) fn reference() -> SessionReference {
    SessionReference::parse("2f0d7a9e-session").unwrap()
}

pub(crate) fn tokens(name: &str) -> Tokens {
    Tokens::new(Secret::new("refresh-sample".to_owned())).renewed(federated(name))
}

pub(crate) fn federated(name: &str) -> FederatedToken {
    FederatedToken {
        connection: "okta-oidc".to_owned(),
        access_token: Secret::new(format!("access-{name}")),
        expires_at: NOW.plus(600),
        scopes: Scopes::parse("okta.groups.read"),
    }
}

struct Anything;

impl Asks<()> for Anything {
    fn question(&self, _: &Session, (): &()) -> Result<Check, Refusal> {
        Check::new("alice", "read_okta", "okta:groups").map_err(Refusal::invalid_input)
    }
}

/// A mandate that rests on this reading of a row, by way of a ticket and an allowing decision.
pub(crate) fn mandate(row: Row) -> Mandate<()> {
    let minter = Minter::from_seed("web", "w1", &[1; 32]).unwrap();
    let setting =
        json!({"minters": [{"name": "web", "doors": ["function-details"], "jwks": {"keys": [minter.public_jwk()]}}]});
    let keys = TicketKeys::parse(&setting.to_string()).unwrap();
    let agent = Agent { id: "AGENT12345".to_owned(), alias: "ALIAS67890".to_owned() };
    let statement =
        Statement { subject: &row.subject, organization: row.organization.as_ref(), agent: &agent, session: &row.hash };
    let token = minter.mint(&statement, NOW, 300);
    let session = if row.hash == reference().hash() { reference() } else { another_reference() };
    let origin = Origin { door: Door::FunctionDetails, agent: &agent, session: &session };
    let ticket = Ticket::verify(&token, &keys, &origin, NOW).unwrap();
    let check = Anything.question_of(&ticket, &row.clone().confirm(&ticket, NOW).unwrap(), &()).unwrap();
    let reply = json!({"statusCode": 200, "isAuthorized": true, "reason": "allowed", "modelId": "01H", "check": check});
    let decision = Decision::from_reply(check, reply.to_string().as_bytes()).unwrap();
    Mandate::issue(&Anything, ticket.clone(), row.confirm(&ticket, NOW).unwrap(), decision, ()).unwrap()
}

pub(crate) fn another_reference() -> SessionReference {
    SessionReference::parse("77aa01-session").unwrap()
}

/// What the row's federated token is, as a mandate lets one see it.
pub(crate) fn access_token_of(row: &Row) -> String {
    let mandate = mandate(row.clone());
    mandate
        .federated_token(&Wanted { connection: "okta-oidc", scopes: &Scopes::parse("okta.groups.read") }, NOW)
        .unwrap()
        .access_token
        .expose()
        .to_owned()
}
