use super::{FederatedToken, Lease, Row, Session, Tokens};
use crate::approval::tests::{NOW, binding};
use crate::approval::{Approved, Binding};
use crate::id::{Agent, AgentId, Login, Organization, SessionReference};
use crate::refusal::Code;
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::session::Anchor;
use crate::subject::{Subject, SubjectRule};

fn federated() -> FederatedToken {
    FederatedToken {
        connection: "okta-oidc".to_owned(),
        access_token: Secret::new("t \"1\"".to_owned()),
        expires_at: NOW.plus(600),
        scopes: Scopes::parse("okta.users.read openid"),
    }
}

fn row() -> Row {
    let Binding { session, subject, organization, .. } = binding(120);
    Row {
        hash: session,
        subject,
        organization,
        email: Login::parse("alice@example.com").ok(),
        connection: Some("okta-oidc".to_owned()),
        agent: AgentId::parse("AGENT12345"),
        expires_at: NOW.plus(3_600),
        version: 7,
        lease: Some(Lease { holder: "one".to_owned(), until: NOW.plus(9) }),
        tokens: Tokens::new(Secret::new("r".to_owned())),
    }
}

fn confirmed(row: Row) -> Session {
    row.confirm_approved(&Approved::stored(binding(120), 3), NOW).unwrap()
}

#[test]
fn a_session_tells_what_its_row_says() {
    let session = confirmed(row());
    assert_eq!((session.subject(), session.organization()), (&row().subject, row().organization.as_ref()));
    assert_eq!(session.email().map(Login::as_str), Some("alice@example.com"));
    assert_eq!((session.connection(), session.agent()), (Some("okta-oidc"), row().agent.as_ref()));
    assert_eq!((session.expires_at(), session.hash(), session.version()), (NOW.plus(3_600), &row().hash, 7));
    assert!(session.is_leased(NOW.plus(8)) && !session.is_leased(NOW.plus(9)));
    assert!(!confirmed(Row { lease: None, ..row() }).is_leased(NOW));
}

#[test]
fn what_is_sealed_comes_back_and_a_rotated_refresh_token_keeps_the_other() {
    let tokens = Tokens::new(Secret::new("r1".to_owned())).renewed(federated()).rotated(Secret::new("r2".to_owned()));
    let read = Tokens::from_plain(&tokens.to_plain()).ok().unwrap();
    assert_eq!(Row { tokens: read.clone(), ..row() }.into_refresh_token().expose(), "r2");
    let kept = read.federated.unwrap();
    assert_eq!((kept.connection.as_str(), kept.access_token.expose()), ("okta-oidc", "t \"1\""));
    assert_eq!((kept.expires_at, kept.scopes), (NOW.plus(600), federated().scopes));
    assert!(Tokens::from_plain(&Tokens::new(Secret::new("r".to_owned())).to_plain()).unwrap().federated.is_none());
    for bytes in [&b""[..], b"{}", b"null", b"{\"refresh_token\":1}"] {
        assert_eq!(Tokens::from_plain(bytes).err().map(|refusal| refusal.code()), Some(Code::AuthRequired));
    }
}

#[test]
fn a_federated_token_that_is_taken_out_leaves_the_refresh_token_and_is_taken_out_once() {
    let without = Tokens::new(Secret::new("r1".to_owned())).renewed(federated()).without_federated().unwrap();
    assert!(without.federated.is_none() && without.without_federated().is_none());
    assert_eq!(Row { tokens: without, ..row() }.into_refresh_token().expose(), "r1");
}

#[test]
fn an_anchor_holds_no_session_that_differs_in_one_part() {
    let holds = |bend: fn(&mut Binding)| {
        let mut bent = binding(120);
        bend(&mut bent);
        Anchor::of_binding(&bent).holds(&confirmed(row()))
    };
    assert!(holds(|_| {}));
    assert!(!holds(|binding| binding.session = SessionReference::parse("session-2").unwrap().hash()));
    assert!(!holds(|binding| binding.subject = Subject::new("https://tenant.example/", "auth0|bob").unwrap()));
    assert!(!holds(|binding| binding.organization = None));
    assert!(!holds(|binding| binding.organization = Some(Organization("org_b".to_owned()))));
    assert!(!holds(|binding| binding.agent = Agent { id: "AGENT99999".to_owned(), alias: "A".to_owned() }));
}

#[test]
fn a_person_is_named_by_an_address_only_where_its_connection_is_trusted() {
    let rule = SubjectRule::VerifiedEmail { connections: ["okta-oidc".to_owned()].into() };
    let code = |row| rule.user_of(&confirmed(row)).map_err(|refusal| refusal.code());
    assert_eq!(code(row()), Ok("alice@example.com".to_owned()));
    for bent in [
        Row { email: None, ..row() },
        Row { connection: None, ..row() },
        Row { connection: Some("another".to_owned()), ..row() },
    ] {
        assert_eq!(code(bent), Err(Code::AccessDenied));
    }
}

#[test]
fn a_user_id_is_at_most_as_long_as_openfga_takes() {
    for (length, taken) in [(251, true), (252, false)] {
        let subject = Subject::new(&"i".repeat(255), &"s".repeat(length)).unwrap();
        let of_them = Binding { subject: subject.clone(), ..binding(120) };
        let session = Row { subject: subject.clone(), ..row() };
        let session = session.confirm_approved(&Approved::stored(of_them, 3), NOW).unwrap();
        let user = SubjectRule::IssuerAndSubject.user_of(&session).map_err(|refusal| refusal.code());
        assert_eq!(user, if taken { Ok(subject.encoded()) } else { Err(Code::AccessDenied) }, "{length}");
    }
}
