//! A mandate, made the only way there is.

use std::marker::PhantomData;

use auth::decision::{Check, Decision};
use auth::id::{Agent, Login, SessionReference};
use auth::mandate::{Asks, Mandate, NamesOktaUser, OktaUser};
use auth::refusal::Refusal;
use auth::secret::Secret;
use auth::session::{Row, Session, Tokens};
use auth::subject::Subject;
use auth::ticket::{Door, Minter, Origin, Statement, Ticket, TicketKeys};
use auth::time::Timestamp;
use serde_json::json;

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
pub(crate) const REFRESH_TOKEN: &str = "v1.refresh-of-alice";

struct Reading<A>(PhantomData<A>);

impl<A> Asks<A> for Reading<A> {
    fn question(&self, _session: &Session, _: &A) -> Result<Check, Refusal> {
        Ok(Check::new("alice", "read_okta", "okta:groups").unwrap())
    }
}

/// Arguments that name an account at Okta.
pub(crate) struct About(OktaUser);

impl NamesOktaUser for About {
    fn okta_user(&self, _session: &Session) -> OktaUser {
        self.0.clone()
    }
}

/// Of Alice, without arguments.
pub(crate) fn mandate() -> Mandate<()> {
    mandate_for(())
}

/// Of Alice, about her own account or, with a login, about somebody else's.
pub(crate) fn mandate_about(login: Option<&str>) -> Mandate<About> {
    let user = login.map_or(OktaUser::Own, |login| OktaUser::Other(Login::parse(login).unwrap()));
    mandate_for(About(user))
}

fn mandate_for<A>(args: A) -> Mandate<A> {
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
        agent: None,
        expires_at: NOW.plus(3600),
        version: 1,
        lease: None,
        tokens: Tokens::new(Secret::new(REFRESH_TOKEN.to_owned())),
    };
    let session = row.confirm(&ticket, NOW).ok().unwrap();
    let tool = Reading(PhantomData);
    let check = tool.question_of(&ticket, &session, &args).unwrap();
    let reply =
        json!({"statusCode": 200, "isAuthorized": true, "reason": "allowed", "modelId": "01H", "check": &check});
    let decision = Decision::from_reply(check, reply.to_string().as_bytes()).unwrap();
    Mandate::issue(&tool, ticket, session, decision, args).ok().unwrap()
}
