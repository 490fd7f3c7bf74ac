//! Mandates of sample people, made the only way there is.

use std::marker::PhantomData;

use auth::decision::{Check, Decision};
use auth::id::{Agent, Login, Organization, SessionReference, sha256_base64url};
use auth::mandate::{Asks, Mandate, NamesOktaUser, OktaUser};
use auth::refusal::Refusal;
use auth::secret::Secret;
use auth::session::{Row, Session, Tokens};
use auth::subject::Subject;
use auth::ticket::{Door, Minter, Origin, Statement, Ticket, TicketKeys};
use devstack::sample::{CONNECTION, ORGANIZATION, Person};
use serde_json::json;

use crate::start::now;

struct Tool<A>(PhantomData<A>);

impl<A> Asks<A> for Tool<A> {
    fn question(&self, _session: &Session, _: &A) -> Result<Check, Refusal> {
        Check::new("anybody", "read_okta", "okta:groups").map_err(Refusal::invalid_input)
    }
}

/// Arguments that name an account at Okta.
pub(crate) struct About(OktaUser);

impl NamesOktaUser for About {
    fn okta_user(&self, _session: &Session) -> OktaUser {
        self.0.clone()
    }
}

fn reference(refresh_token: &str) -> SessionReference {
    SessionReference::parse(&sha256_base64url(refresh_token.as_bytes())).unwrap()
}

/// A row for a person with this refresh token, for an hour.
pub(crate) fn row(issuer: &str, person: &Person, refresh_token: &str) -> Row {
    Row {
        hash: reference(refresh_token).hash(),
        subject: Subject::new(issuer, &person.sub()).unwrap(),
        organization: Some(Organization(ORGANIZATION.to_owned())),
        email: Login::parse(&person.email()).ok(),
        connection: Some(CONNECTION.to_owned()),
        agent: None,
        expires_at: now().plus(3600),
        version: 1,
        lease: None,
        tokens: Tokens::new(Secret::new(refresh_token.to_owned())),
    }
}

/// About the person's own account or, with a login, about somebody else's.
pub(crate) fn about(person: &Person, login: Option<&str>) -> Mandate<About> {
    let user = login.map_or(OktaUser::Own, |login| OktaUser::Other(Login::parse(login).unwrap()));
    mandate(row("https://tenant.example/", person, person.name), person.name, About(user))
}

/// That rests on this row, whose session id was made from `refresh_token`.
pub(crate) fn mandate<A>(row: Row, refresh_token: &str, args: A) -> Mandate<A> {
    let minter = Minter::from_seed("web", "w1", &[1; 32]).unwrap();
    let setting =
        json!({"minters": [{"name": "web", "doors": ["function-details"], "jwks": {"keys": [minter.public_jwk()]}}]});
    let keys = TicketKeys::parse(&setting.to_string()).unwrap();
    let agent = Agent { id: "AGENT12345".to_owned(), alias: "ALIAS67890".to_owned() };
    let statement =
        Statement { subject: &row.subject, organization: row.organization.as_ref(), agent: &agent, session: &row.hash };
    let token = minter.mint(&statement, now(), 300);
    let session = reference(refresh_token);
    let origin = Origin { door: Door::FunctionDetails, agent: &agent, session: &session };
    let ticket = Ticket::verify(&token, &keys, &origin, now()).unwrap();
    let session = row.confirm(&ticket, now()).unwrap_or_else(|refusal| panic!("{}", refusal.cause()));
    let tool = Tool(PhantomData);
    let check = tool.question_of(&ticket, &session, &args).unwrap();
    let reply =
        json!({"statusCode": 200, "isAuthorized": true, "reason": "allowed", "modelId": "01H", "check": &check});
    let decision = Decision::from_reply(check, reply.to_string().as_bytes()).unwrap();
    Mandate::issue(&tool, ticket, session, decision, args).unwrap_or_else(|refusal| panic!("{}", refusal.cause()))
}
