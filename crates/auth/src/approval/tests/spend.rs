//! For what an approval can be spent, and for what not.

use serde_json::{Value, json};

use super::{NOW, binding};
use crate::approval::{Approved, Binding, PersonKey};
use crate::canonical::ArgumentsHash;
use crate::decision::{Check, Decision};
use crate::id::{Agent, AgentId, Organization, SessionReference};
use crate::mandate::{Asks, Mandate};
use crate::refusal::{Code, Refusal};
use crate::secret::Secret;
use crate::session::{Row, Session, Tokens};
use crate::subject::Subject;

struct Tool;

impl Asks<Value> for Tool {
    fn question(&self, _: &Session, _: &Value) -> Result<Check, Refusal> {
        Check::new("alice", "reset_password", "okta:accounts").map_err(Refusal::invalid_input)
    }
}

fn row(of: &Binding) -> Row {
    Row {
        hash: of.session.clone(),
        subject: of.subject.clone(),
        organization: of.organization.clone(),
        email: None,
        connection: None,
        agent: None,
        expires_at: NOW.plus(3_600),
        version: 1,
        lease: None,
        tokens: Tokens::new(Secret::new("r".to_owned())),
    }
}

fn resumed(approved: &Approved, args: Value, allowed: bool) -> Result<Mandate<Value>, Refusal> {
    let session = row(approved.binding()).confirm_approved(approved, NOW)?;
    let check = Tool.question_again(approved, &session, &args)?;
    let reason = if allowed { "allowed" } else { "denied" };
    let reply = json!({"statusCode": 200, "isAuthorized": allowed, "reason": reason, "modelId": "01H", "check": check});
    let decision = Decision::from_reply(check, reply.to_string().as_bytes())?;
    Mandate::resume(&Tool, approved, session, decision, args)
}

/// Given for what the usual binding says.
fn mandate() -> Mandate<Value> {
    resumed(&Approved::stored(binding(120), 3), json!({}), true).ok().unwrap()
}

fn spent(binding: Binding, tool: &str, seconds: u64) -> Result<u64, Code> {
    let spending = Approved::stored(binding, 3).spend(&mandate(), tool, "one", NOW.plus(seconds), 30);
    spending.map(|spending| spending.acting().version).map_err(|unspent| unspent.1.code())
}

#[test]
fn what_another_agent_asked_for_is_not_spent_for_this_one() {
    let other = Agent { id: "AGENT99999".to_owned(), alias: "ALIAS67890".to_owned() };
    assert_eq!(spent(Binding { agent: other, ..binding(120) }, "reset_password", 1), Err(Code::AccessDenied));
    let approved = Approved::stored(binding(120), 3);
    let check = Check::new("alice", "reset_password", "okta:accounts").unwrap();
    let reply = json!({"statusCode": 200, "isAuthorized": true, "reason": "allowed", "modelId": "01H", "check": check});
    let bare = Decision::from_reply(check, reply.to_string().as_bytes()).unwrap();
    let session = row(approved.binding()).confirm_approved(&approved, NOW).unwrap();
    let refused = Mandate::resume(&Tool, &approved, session, bare, json!({})).err();
    assert_eq!(refused.map(|refusal| refusal.code()), Some(Code::AccessDenied), "asked for no agent");
    let elsewhere = Row { agent: AgentId::parse("AGENT99999"), ..row(approved.binding()) };
    let refused = elsewhere.confirm_approved(&approved, NOW).err();
    assert_eq!(refused.map(|refusal| refusal.code()), Some(Code::AuthRequired));
}

fn permitted(bend: fn(&mut Binding)) -> bool {
    let mut bent = binding(120);
    bend(&mut bent);
    // Spent by the mandate that it was given for, and shown with another one.
    let own = resumed(&Approved::stored(bent.clone(), 3), json!({}), true).ok();
    let own = own.or_else(|| resumed(&Approved::stored(bent.clone(), 3), json!({"user": "b"}), true).ok()).unwrap();
    let spending = Approved::stored(bent, 3).spend(&own, "reset_password", "one", NOW, 30).ok().unwrap();
    assert_eq!((spending.version(), spending.acting().version), (3, 4));
    let (_, permit) = spending.written();
    mandate().is_permitted_by(&permit)
}

#[test]
fn a_permit_is_for_the_mandate_that_it_was_given_for_and_for_no_other() {
    assert!(permitted(|_| {}));
    assert!(!permitted(|binding| binding.subject = Subject::new("https://tenant.example/", "auth0|bob").unwrap()));
    assert!(!permitted(|binding| binding.session = SessionReference::parse("session-2").unwrap().hash()));
    assert!(!permitted(|binding| binding.organization = None));
    assert!(!permitted(|binding| binding.arguments = ArgumentsHash::of(&json!({"user": "b"})).unwrap()));
}

#[test]
fn an_approval_is_spent_for_what_it_was_given_for() {
    assert_eq!(spent(binding(120), "reset_password", 119), Ok(4));
}

// C10
#[test]
fn for_another_person_session_organization_tool_or_arguments_it_is_not_spent() {
    let other = |bend: fn(&mut Binding)| {
        let mut bent = binding(120);
        bend(&mut bent);
        spent(bent, "reset_password", 9)
    };
    let denied = Err(Code::AccessDenied);
    assert_eq!(
        other(|binding| binding.subject = Subject::new("https://tenant.example/", "auth0|bob").unwrap()),
        denied
    );
    assert_eq!(
        other(|binding| binding.subject = Subject::new("https://other.example/", binding.subject.id()).unwrap()),
        denied
    );
    assert_eq!(other(|binding| binding.session = SessionReference::parse("session-2").unwrap().hash()), denied);
    assert_eq!(other(|binding| binding.organization = None), denied);
    assert_eq!(other(|binding| binding.organization = Some(Organization("org_b".to_owned()))), denied);
    assert_eq!(other(|binding| binding.tool = "unlock_user".to_owned()), denied);
    assert_eq!(other(|binding| binding.arguments = ArgumentsHash::of(&json!({"user": "b"})).unwrap()), denied);
    assert_eq!(spent(binding(120), "unlock_user", 9), denied);
}

#[test]
fn it_is_not_spent_when_its_time_is_over() {
    assert_eq!(spent(binding(120), "reset_password", 120), Err(Code::ApprovalExpired));
}

// C11
#[test]
fn no_mandate_is_resumed_for_other_arguments_or_after_a_no() {
    let approved = Approved::stored(binding(120), 3);
    let code = |result: Result<Mandate<Value>, Refusal>| result.err().map(|refusal| refusal.code());
    assert_eq!(code(resumed(&approved, json!({}), true)), None);
    assert_eq!(code(resumed(&approved, json!({"user": "bob@example.com"}), true)), Some(Code::AccessDenied));
    assert_eq!(code(resumed(&approved, json!({}), false)), Some(Code::AccessDenied));
}

#[test]
fn the_session_of_somebody_else_is_no_session_of_the_approval() {
    let approved = Approved::stored(binding(120), 3);
    let mut theirs = row(&binding(120));
    theirs.subject = Subject::new("https://tenant.example/", "auth0|bob").unwrap();
    assert!(theirs.confirm_approved(&approved, NOW).is_err());
    let mut over = row(&binding(120));
    over.expires_at = NOW;
    assert!(over.confirm_approved(&approved, NOW).is_err());
    let (one, two) =
        (PersonKey::of(&binding(120).subject), Subject::new("https://tenant.example/", "oidc|okta-oidc|00u2"));
    assert_ne!(one, PersonKey::of(&two.unwrap()));
}
