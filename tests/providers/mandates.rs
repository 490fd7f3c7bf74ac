//! A mandate of a person of the provider, made the only way there is, and the approval that is to be asked for.

use auth::approval::{ApprovalReference, Binding};
use auth::canonical::ArgumentsHash;
use auth::decision::{Check, Decision};
use auth::id::{Agent, Login, SessionReference};
use auth::mandate::{Asks, Mandate};
use auth::refusal::Refusal;
use auth::secret::Secret;
use auth::session::{Row, Session, Tokens};
use auth::subject::Subject;
use auth::ticket::{Door, Minter, Origin, Statement, Ticket, TicketKeys};
use serde_json::json;

use crate::site::now;

struct Tool;

impl Asks<()> for Tool {
    fn question(&self, _: &Session, (): &()) -> Result<Check, Refusal> {
        Check::new("anybody", "change", "okta:accounts").map_err(Refusal::invalid_input)
    }
}

/// The approval is for so many seconds from now.
pub(crate) fn asking(subject: &Subject, email: Option<&str>, seconds: u64) -> (Mandate<()>, Binding) {
    let agent = Agent { id: "AGENT12345".to_owned(), alias: "ALIAS67890".to_owned() };
    let reference = SessionReference::parse("2f0d7a9e-session").unwrap();
    let row = Row {
        hash: reference.hash(),
        subject: subject.clone(),
        organization: None,
        email: email.map(|email| Login::parse(email).unwrap()),
        connection: None,
        agent: None,
        expires_at: now().plus(3600),
        version: 1,
        lease: None,
        tokens: Tokens::new(Secret::new("of no use here".to_owned())),
    };
    let minter = Minter::from_seed("web", "w1", &[1; 32]).unwrap();
    let setting =
        json!({"minters": [{"name": "web", "doors": ["function-details"], "jwks": {"keys": [minter.public_jwk()]}}]});
    let keys = TicketKeys::parse(&setting.to_string()).unwrap();
    let statement = Statement { subject, organization: None, agent: &agent, session: &row.hash };
    let token = minter.mint(&statement, now(), 300);
    let origin = Origin { door: Door::FunctionDetails, agent: &agent, session: &reference };
    let ticket = Ticket::verify(&token, &keys, &origin, now()).unwrap();
    let session = row.confirm(&ticket, now()).unwrap_or_else(|refusal| panic!("{}", refusal.cause()));
    let check = Tool.question_of(&ticket, &session, &()).unwrap();
    let reply =
        json!({"statusCode": 200, "isAuthorized": true, "reason": "allowed", "modelId": "01H", "check": &check});
    let decision = Decision::from_reply(check, reply.to_string().as_bytes()).unwrap();
    let binding = Binding {
        reference: ApprovalReference::of(&[7; 16]),
        subject: subject.clone(),
        session: reference.hash(),
        organization: None,
        agent,
        tool: "reset_password".to_owned(),
        arguments: ArgumentsHash::of(&()).unwrap(),
        expires_at: now().plus(seconds),
    };
    let mandate = Mandate::issue(&Tool, ticket, session, decision, ());
    (mandate.unwrap_or_else(|refusal| panic!("{}", refusal.cause())), binding)
}
