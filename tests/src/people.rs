//! Sample people with a session.

use std::time::Duration;

use auth::id::{AgentId, Login, Organization, SessionReference, sha256_base64url};
use auth::secret::Secret;
use auth::session::{Row, Tokens};
use auth::subject::Subject;
use auth::ticket::Statement;
use cli::sign_in::Signed;
use devstack::openfga::Tuple;
use devstack::sample::{CONNECTION, ORGANIZATION, Person};
use devstack::stack::STORE;
use tokio::time::Instant;
use upstream_aws::Creation;

use crate::{Event, World};

/// Somebody who is chatting: signed in, with a session row and, unless told otherwise, a connected Okta account.
pub struct Chatting {
    /// Who.
    pub person: Person,
    /// Their session.
    pub signed: Signed,
}

impl World {
    /// Signs a sample person in without the pages, and connects their Okta account.
    pub async fn chatting(&self, name: &str) -> Chatting {
        self.chatting_for(name, 3600).await
    }

    /// The same with a session of so many seconds.
    pub async fn chatting_for(&self, name: &str, seconds: u64) -> Chatting {
        let chatting = self.signed_in_for(name, seconds).await;
        self.laptop.stack.auth0.connect(&chatting.person.sub(), CONNECTION).await.expect("the account connects");
        self.forget();
        chatting
    }

    /// The same with a session of tokens of this issuer, and the same rights.
    pub async fn chatting_by(&self, name: &str, issuer: &str) -> Chatting {
        let person = Person::named(name).expect("a sample person");
        self.laptop.stack.auth0.connect(&person.sub(), CONNECTION).await.expect("the account connects");
        let (session, mut row) = self.row(&person);
        let (known, subject) = (row.subject, Subject::new(issuer, &person.sub()).expect("a subject"));
        let [before, user] = [&known, &subject].map(|subject| format!("user:{}", subject.encoded()));
        let openfga = &self.laptop.stack.openfga;
        for tuple in openfga.tuples(STORE.0).into_iter().filter(|tuple| tuple.user == before) {
            assert!(openfga.allow(STORE.0, &Tuple { user: user.clone(), ..tuple }), "the same rights");
        }
        row.subject = subject;
        self.begun(person, session, row).await
    }

    /// Signs a sample person in without the pages; no Okta account is connected.
    pub async fn signed_in(&self, name: &str) -> Chatting {
        self.signed_in_for(name, 3600).await
    }

    async fn signed_in_for(&self, name: &str, seconds: u64) -> Chatting {
        let person = Person::named(name).expect("a sample person");
        let (session, mut row) = self.row(&person);
        row.expires_at = self.laptop.clock.now().plus(seconds);
        self.begun(person, session, row).await
    }

    pub(crate) async fn begun(&self, person: Person, session: SessionReference, row: Row) -> Chatting {
        let now = self.laptop.clock.now();
        let created = self.laptop.store.create(&row, now, Instant::now() + Duration::from_secs(5)).await;
        assert_eq!(created.expect("the table answers"), Creation::Created);
        let signed = Signed { subject: row.subject, organization: row.organization, session };
        self.forget();
        Chatting { person, signed }
    }

    /// A fresh session and its row for a sample person, not stored, for tests that bend it first.
    pub fn row(&self, person: &Person) -> (SessionReference, Row) {
        let stack = &self.laptop.stack;
        let scope = "openid profile email offline_access";
        let issued = stack.auth0.issue(&stack.web.id, &person.sub(), scope, Some(ORGANIZATION)).expect("tokens");
        let session =
            SessionReference::parse(&sha256_base64url(issued.refresh_token.as_bytes())).expect("a session id");
        let row = Row {
            hash: session.hash(),
            subject: Subject::new(stack.auth0.issuer(), &person.sub()).expect("a subject"),
            organization: Some(Organization(ORGANIZATION.to_owned())),
            email: Login::parse(&person.email()).ok(),
            connection: Some(CONNECTION.to_owned()),
            agent: AgentId::parse(&self.laptop.agent().id),
            expires_at: self.laptop.clock.now().plus(3600),
            version: 1,
            lease: None,
            tokens: Tokens::new(Secret::new(issued.refresh_token)),
        };
        (session, row)
    }

    /// A ticket for somebody's session.
    pub fn ticket(&self, chatting: &Chatting) -> Secret {
        self.laptop.ticket(&chatting.signed)
    }

    /// A ticket that says something else about the organization.
    pub fn ticket_of_organization(&self, chatting: &Chatting, organization: Option<&str>) -> Secret {
        let (agent, hash) = (self.laptop.agent(), chatting.signed.session.hash());
        let organization = organization.map(|id| Organization(id.to_owned()));
        let statement = Statement {
            subject: &chatting.signed.subject,
            organization: organization.as_ref(),
            agent: &agent,
            session: &hash,
        };
        self.laptop.minter.mint(&statement, self.laptop.clock.now(), 300)
    }

    /// The event of a call of `list_groups` by somebody's agent, with a good ticket.
    pub fn call(&self, chatting: &Chatting) -> Event {
        Event::of(&self.laptop.agent(), chatting.signed.session.expose(), self.ticket(chatting).expose())
    }
}
