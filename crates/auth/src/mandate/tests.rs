use serde_json::json;

use super::{Asks, Mandate, NamesOktaGroup, NamesOktaUser, OktaUser};
use crate::decision::{Check, Decision};
use crate::id::{Agent, AgentId, Login, Organization, SessionReference};
use crate::refusal::{Code, Refusal};
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::session::{FederatedToken, Lease, Row, Session, Tokens, Wanted};
use crate::subject::Subject;
use crate::ticket::{Door, Minter, Origin, Statement, Ticket, TicketKeys};
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

struct Reads;

impl Asks<&'static str> for Reads {
    fn question(&self, _: &Session, object: &&'static str) -> Result<Check, Refusal> {
        Check::new("alice", "read_okta", object).map_err(Refusal::invalid_input)
    }
}

fn row_token() -> FederatedToken {
    FederatedToken {
        connection: "okta-oidc".to_owned(),
        access_token: Secret::new("t".to_owned()),
        expires_at: NOW.plus(600),
        scopes: Scopes::parse("okta.users.read"),
    }
}

fn row() -> Row {
    Row {
        hash: SessionReference::parse("session-1").unwrap().hash(),
        subject: Subject::new("https://tenant.example/", "oidc|okta-oidc|00u1").unwrap(),
        organization: Some(Organization("org_acme".to_owned())),
        email: Login::parse("alice@example.com").ok(),
        connection: Some("okta-oidc".to_owned()),
        agent: None,
        expires_at: NOW.plus(3600),
        version: 1,
        lease: None,
        tokens: Tokens::new(Secret::new("r".to_owned())).renewed(row_token()),
    }
}

fn ticket() -> Ticket {
    let minter = Minter::from_seed("web", "w1", &[1; 32]).unwrap();
    let setting =
        json!({"minters": [{"name": "web", "doors": ["function-details"], "jwks": {"keys": [minter.public_jwk()]}}]});
    let keys = TicketKeys::parse(&setting.to_string()).unwrap();
    let (row, agent) = (row(), Agent { id: "AGENT12345".to_owned(), alias: "ALIAS67890".to_owned() });
    let session = SessionReference::parse("session-1").unwrap();
    let organization = row.organization.as_ref();
    let statement = Statement { subject: &row.subject, organization, agent: &agent, session: &row.hash };
    let origin = Origin { door: Door::FunctionDetails, agent: &agent, session: &session };
    Ticket::verify(&minter.mint(&statement, NOW, 300), &keys, &origin, NOW).unwrap()
}

fn decision(object: &str, allowed: bool) -> Decision {
    let agent = AgentId::parse("AGENT12345").unwrap();
    answered(Check::new("alice", "read_okta", object).unwrap().asked_by(agent), allowed)
}

fn answered(check: Check, allowed: bool) -> Decision {
    let reason = if allowed { "allowed" } else { "denied" };
    let reply = json!({"statusCode": 200, "isAuthorized": allowed, "reason": reason, "modelId": "m", "check": check});
    Decision::from_reply(check, reply.to_string().as_bytes()).unwrap()
}

fn issue(decision: Decision, object: &'static str) -> Result<Mandate<&'static str>, Code> {
    let session = row().confirm(&ticket(), NOW).unwrap();
    Mandate::issue(&Reads, ticket(), session, decision, object).map_err(|refusal| refusal.code())
}

#[test]
fn a_yes_to_this_very_question_makes_a_mandate() {
    assert_eq!(*issue(decision("okta:groups", true), "okta:groups").unwrap().args(), "okta:groups");
}

#[test]
fn a_mandate_tells_who_asked_for_whom_in_which_session() {
    let mandate = issue(decision("okta:groups", true), "okta:groups").unwrap();
    assert_eq!((mandate.subject(), mandate.organization()), (&row().subject, row().organization.as_ref()));
    assert_eq!((mandate.agent().id.as_str(), mandate.agent().alias.as_str()), ("AGENT12345", "ALIAS67890"));
    assert_eq!((mandate.session_hash(), mandate.session_version()), (&row().hash, 1));
    assert_eq!(mandate.session().expires_at(), NOW.plus(3600));
    assert_eq!((mandate.decision().model_id(), mandate.decision().check().relation()), ("m", "read_okta"));
    assert_eq!(mandate.refresh_token().expose(), "r");
    assert!(!mandate.is_leased(NOW));
    let mut leased = issue(decision("okta:groups", true), "okta:groups").unwrap();
    let lease = Some(Lease { holder: "one".to_owned(), until: NOW.plus(5) });
    leased.reread(Row { lease, ..row() }, NOW).unwrap();
    assert!(leased.is_leased(NOW));
    let newer = FederatedToken { access_token: Secret::new("t2".to_owned()), ..row_token() };
    let renewed = mandate.renewed_tokens(newer);
    leased.reread(Row { tokens: renewed, ..row() }, NOW).unwrap();
    let scopes = Scopes::default();
    let kept = leased.federated_token(&Wanted { connection: "okta-oidc", scopes: &scopes }, NOW).unwrap();
    assert_eq!((kept.access_token.expose(), leased.refresh_token().expose()), ("t2", "r"));
}

#[test]
fn a_no_or_a_yes_to_another_question_makes_none() {
    assert_eq!(issue(decision("okta:groups", false), "okta:groups").err(), Some(Code::AccessDenied));
    assert_eq!(issue(decision("okta:groups", true), "okta:users").err(), Some(Code::AccessDenied));
}

#[test]
fn a_yes_that_was_not_asked_for_the_tickets_agent_makes_no_mandate() {
    let bare = Check::new("alice", "read_okta", "okta:groups").unwrap();
    let other = bare.clone().asked_by(AgentId::parse("AGENT99999").unwrap());
    for check in [bare, other] {
        assert_eq!(issue(answered(check, true), "okta:groups").err(), Some(Code::AccessDenied));
    }
}

#[test]
fn a_row_for_one_agent_serves_no_other_and_a_row_for_none_serves_each() {
    for (agent, served) in [("AGENT12345", true), ("AGENT99999", false), ("agent12345", false)] {
        let session = Row { agent: AgentId::parse(agent), ..row() }.confirm(&ticket(), NOW);
        assert_eq!(session.is_ok(), served, "{agent}");
        let refused = session.err().map(|refusal| (refusal.code(), refusal.cause().to_owned()));
        let expected = (Code::AuthRequired, "session: the row is for another agent".to_owned());
        assert_eq!(refused, (!served).then_some(expected));
    }
    assert!(row().agent.is_none() && row().confirm(&ticket(), NOW).is_ok());
    let mut mandate = issue(decision("okta:groups", true), "okta:groups").unwrap();
    let other = Row { agent: AgentId::parse("AGENT99999"), ..row() };
    assert_eq!(mandate.reread(other, NOW).err().map(|refusal| refusal.code()), Some(Code::AuthRequired));
}

#[test]
fn a_row_that_is_anothers_or_over_is_no_session() {
    let later = NOW.plus(3600);
    assert_eq!(row().confirm(&ticket(), later).err().map(|refusal| refusal.code()), Some(Code::AuthRequired));
    for bent in [
        Row { subject: Subject::new("https://tenant.example/", "oidc|okta-oidc|00u2").unwrap(), ..row() },
        Row { subject: Subject::new("https://other.example/", "oidc|okta-oidc|00u1").unwrap(), ..row() },
        Row { organization: None, ..row() },
        Row { organization: Some(Organization("org_other".to_owned())), ..row() },
        Row { hash: SessionReference::parse("session-2").unwrap().hash(), ..row() },
    ] {
        assert_eq!(bent.confirm(&ticket(), NOW).err().map(|refusal| refusal.code()), Some(Code::AuthRequired));
    }
}

#[test]
fn a_newer_reading_must_say_the_same_of_the_person() {
    let mut mandate = issue(decision("okta:groups", true), "okta:groups").unwrap();
    assert!(mandate.reread(Row { version: 2, ..row() }, NOW).is_ok());
    assert_eq!(mandate.session_version(), 2);
    for bent in [
        Row { email: None, ..row() },
        Row { email: Login::parse("bob@example.com").ok(), ..row() },
        Row { connection: None, ..row() },
        Row { connection: Some("another".to_owned()), ..row() },
        Row { organization: None, ..row() },
        Row { expires_at: NOW, ..row() },
    ] {
        assert_eq!(mandate.reread(bent, NOW).err().map(|refusal| refusal.code()), Some(Code::AuthRequired));
        assert_eq!(mandate.session_version(), 2, "the reading before stays");
    }
}

// X03
#[test]
fn a_stored_token_serves_its_own_connection_and_scopes_until_its_last_minute() {
    let mandate = issue(decision("okta:groups", true), "okta:groups").unwrap();
    let serves = |connection, scopes, now| {
        let scopes = Scopes::parse(scopes);
        mandate.federated_token(&Wanted { connection, scopes: &scopes }, now).is_some()
    };
    assert!(serves("okta-oidc", "okta.users.read", NOW));
    assert!(!serves("okta-other", "okta.users.read", NOW));
    assert!(!serves("okta-oidc", "okta.users.manage", NOW));
    assert!(serves("okta-oidc", "okta.users.read", NOW.plus(539)));
    assert!(!serves("okta-oidc", "okta.users.read", NOW.plus(540)));
}

impl NamesOktaUser for &'static str {
    fn okta_user(&self, _: &Session) -> OktaUser {
        OktaUser::Other(Login::parse("bob@example.com").unwrap())
    }
}

impl NamesOktaGroup for &'static str {
    fn okta_group(&self) -> &str {
        self
    }
}

#[test]
fn a_mandate_reaches_the_account_and_the_group_that_its_arguments_name() {
    let mandate = issue(decision("okta:groups", true), "okta:groups").unwrap();
    assert_eq!(mandate.okta_user(), OktaUser::Other(Login::parse("bob@example.com").unwrap()));
    assert_eq!(mandate.okta_group(), "okta:groups");
}
