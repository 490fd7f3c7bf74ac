//! Two organizations with three people each. Whatever is one's own has a word in it that nothing else has.

use std::time::Duration;

use acceptance::{Approvals, Asked, Event, body_of, invocation_named};
use auth::approval::{ApprovalReference, PersonKey};
use auth::id::{Login, Organization, SessionReference, sha256_base64url};
use auth::secret::Secret;
use auth::session::{Row, Tokens};
use auth::subject::Subject;
use auth::ticket::Statement;
use cli::sign_in::Signed;
use devstack::auth0;
use devstack::okta::{self, Group, GroupKind, Role, Status};
use devstack::openfga::Tuple;
use devstack::sample::CONNECTION;
use devstack::stack::STORE;
use serde_json::Value;
use tokio::time::Instant;
use upstream_aws::Creation;

/// The word of each, by place; the first three are of one organization.
const WORDS: [&str; 6] = ["kestrel", "gannet", "dunlin", "osprey", "petrel", "avocet"];
const ORGANIZATIONS: [&str; 2] = ["org_north", "org_south"];
/// The tools that end at a phone.
pub(crate) const CHANGES: [&str; 4] = ["reset_password", "add_to_group", "remove_from_group", "unlock_user"];

/// One of the six.
pub(crate) struct Someone {
    pub(crate) word: &'static str,
    pub(crate) login: String,
    /// Whose groups they may read and whom they may change, which nobody else may.
    pub(crate) friend: String,
    /// The group that they may change.
    pub(crate) ring: String,
    signed: Signed,
    /// Their request of each tool in [`CHANGES`]: reference and code.
    pub(crate) requests: Vec<(String, String)>,
}

impl Someone {
    fn organization(place: usize) -> &'static str {
        ORGANIZATIONS[place / 3]
    }

    /// Signs them up everywhere and in, with a phone and a connected account.
    async fn arrive(approvals: &Approvals, place: usize) -> Self {
        let (word, laptop) = (WORDS[place], &approvals.world.laptop);
        let (login, friend) = (format!("{word}@example.com"), format!("{word}-friend@example.com"));
        let ring = format!("{word} ring");
        let (id, sub) = (format!("00u1{word}"), format!("oidc|{CONNECTION}|00u1{word}"));
        laptop.stack.auth0.put_user(auth0::User {
            sub: sub.clone(),
            email: login.clone(),
            email_verified: true,
            name: word.to_owned(),
            password: None,
            orgs: vec![Self::organization(place).to_owned()],
            connection: CONNECTION.to_owned(),
            permissions: Vec::new(),
        });
        laptop.stack.auth0.set_enrolled(&sub, true);
        let user = |id: &str, login: &str, roles: &[Role]| okta::User {
            id: id.to_owned(),
            login: login.to_owned(),
            first_name: word.to_owned(),
            last_name: "Example".to_owned(),
            status: Status::Active,
            roles: roles.to_vec(),
        };
        let okta = &laptop.stack.okta;
        okta.put_user(user(&id, &login, &[Role::GroupAdmin]));
        okta.put_user(user(&format!("00u2{word}"), &friend, &[]));
        okta.put_group(Group { id: String::new(), name: ring.clone(), description: None, kind: GroupKind::OktaGroup });
        assert!(okta.set_group_names(&login, &[format!("{word} nest"), format!("{word} cliff")]));
        assert!(okta.set_group_names(&friend, &[format!("{word} friends")]));
        let subject = Subject::new(laptop.stack.auth0.issuer(), &sub).unwrap();
        for (relation, object) in [
            ("read_okta", "okta:groups".to_owned()),
            ("reset_password", "okta:accounts".to_owned()),
            ("read_groups", format!("okta_user:{friend}")),
            ("unlock", format!("okta_user:{friend}")),
            ("manage_members", format!("okta_group:{word}%20ring")),
        ] {
            let user = format!("user:{}", subject.encoded());
            assert!(laptop.stack.openfga.allow(STORE.0, &Tuple::new(&user, relation, &object)), "{object}");
        }
        let signed = sign_in(approvals, subject, place, &login).await;
        laptop.stack.auth0.connect(&sub, CONNECTION).await.unwrap();
        Self { word, login, friend, ring, signed, requests: Vec::new() }
    }

    /// The tags of their keycards: person, and session.
    pub(crate) fn tags(&self) -> [String; 2] {
        let person = PersonKey::of(&self.signed.subject);
        [person.as_str().to_owned(), self.signed.session.hash().as_str().to_owned()]
    }

    /// By what the log knows them.
    pub(crate) fn hash(&self) -> String {
        sha256_base64url(self.signed.subject.encoded().as_bytes())
    }

    /// The event of a call of `tool`, in this person's session and with a ticket that `bend` may change.
    pub(crate) fn event(&self, approvals: &Approvals, session: &Self, organization: Option<&str>, age: u64) -> Event {
        let laptop = &approvals.world.laptop;
        let (agent, hash) = (laptop.agent(), self.signed.session.hash());
        let other = organization.map(|id| Organization(id.to_owned()));
        let statement = Statement {
            subject: &self.signed.subject,
            organization: other.as_ref().or(self.signed.organization.as_ref()),
            agent: &agent,
            session: &hash,
        };
        let ticket = laptop.minter.mint(&statement, laptop.clock.now().minus(age), 300);
        Event::of(&agent, session.signed.session.expose(), ticket.expose())
    }

    /// The arguments of a tool of [`CHANGES`].
    pub(crate) fn arguments(&self, event: Event, tool: &str) -> Event {
        let event = event.of_change(tool);
        match tool {
            "reset_password" => event,
            "unlock_user" => event.with("user", &self.friend),
            _ => event.with("user", &self.friend).with("group", &self.ring),
        }
    }
}

async fn sign_in(approvals: &Approvals, subject: Subject, place: usize, login: &str) -> Signed {
    let (laptop, organization) = (&approvals.world.laptop, Someone::organization(place));
    let scope = "openid profile email offline_access";
    let issued = laptop.stack.auth0.issue(&laptop.stack.web.id, subject.id(), scope, Some(organization)).unwrap();
    let session = SessionReference::parse(&sha256_base64url(issued.refresh_token.as_bytes())).unwrap();
    let now = laptop.clock.now();
    let row = Row {
        hash: session.hash(),
        subject,
        organization: Some(Organization(organization.to_owned())),
        email: Login::parse(login).ok(),
        connection: Some(CONNECTION.to_owned()),
        agent: None,
        expires_at: now.plus(3600),
        version: 1,
        lease: None,
        tokens: Tokens::new(Secret::new(issued.refresh_token)),
    };
    let created = laptop.store.create(&row, now, Instant::now() + Duration::from_secs(5)).await;
    assert_eq!(created.unwrap(), Creation::Created);
    Signed { subject: row.subject, organization: row.organization, session }
}

/// All six, each with an open request of every tool that waits for an approval.
pub(crate) async fn arrived(approvals: &Approvals) -> Vec<Someone> {
    let mut people = Vec::new();
    for place in 0..WORDS.len() {
        people.push(Someone::arrive(approvals, place).await);
    }
    ask_all(approvals, &mut people).await;
    approvals.world.forget();
    people
}

/// Ends what is open and asks everybody anew for everything, so that no request runs out while others are at work.
pub(crate) async fn ask_all(approvals: &Approvals, people: &mut [Someone]) {
    for someone in people {
        let old = std::mem::take(&mut someone.requests);
        for (tool, (reference, code)) in CHANGES.iter().zip(old) {
            let (person, tool) = (PersonKey::of(&someone.signed.subject), (*tool).to_owned());
            let reference = ApprovalReference::parse(&reference).unwrap();
            let asked = Asked { person, tool, reference, code, auth_req_id: String::new() };
            approvals.end_as_expired(&asked).await;
        }
        for tool in CHANGES {
            let event = someone.arguments(someone.event(approvals, someone, None, 0), tool);
            let named = format!("{}-{tool}-{}", someone.word, approvals.pushes());
            let invocation = invocation_named(named, Duration::from_secs(20));
            let (answer, _) = Box::pin(approvals.initiator.handle(&event.0.to_string(), &invocation)).await;
            let body = body_of(&answer);
            let text =
                |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{body}"));
            someone.requests.push((text("/approval/reference").to_owned(), text("/approval/code").to_owned()));
        }
    }
}
