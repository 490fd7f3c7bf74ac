//! Which data keys a keycard opens and which not, by the real clients.

use auth::approval::PersonKey;
use auth::encryption_context::EncryptionContext;
use auth::id::SessionHash;
use auth::keycard::{Grant, RoleArn, SessionPolicy};
use devstack::stack::SESSION_TABLE;
use upstream_aws::{Aws, KeycardIssuer, SessionStore, StoreError, Wanted};

use crate::account::{Secured, soon};

/// The clients by a keycard of alice's call that reads the row `row` and opens data keys of `context`, from so many seconds
/// from now.
async fn opened(secured: &Secured, row: &SessionHash, context: EncryptionContext, ahead: u64) -> Aws {
    let own = secured.aws_as(secured.own()).await;
    let role = RoleArn::parse(&secured.role()).unwrap();
    let table = role.account("us-east-1").unwrap().table(SESSION_TABLE).unwrap();
    let (person, session) = (PersonKey::of(&secured.alice.signed.subject), secured.alice.signed.session.hash());
    let now = secured.world.laptop.clock.now().plus(ahead);
    let keys = vec![secured.key.clone().unwrap()];
    let grants = [Grant::ReadSession { table, session: row.clone() }, Grant::Open { keys, context }];
    let policy = SessionPolicy::of(&grants, now).unwrap();
    let wanted = Wanted { person: &person, session: Some(&session), tool: "list_groups", policy: &policy };
    KeycardIssuer::new(&own, role).fetch(wanted, now, soon()).await.ok().unwrap().open(&own)
}

fn of_session(session: &SessionHash) -> EncryptionContext {
    EncryptionContext::of_session(SESSION_TABLE, session)
}

/// Actions at KMS that were judged, and whether they were allowed.
fn judged(secured: &Secured) -> Vec<(String, bool)> {
    let decisions = secured.security().iam.decisions();
    let at_kms = decisions.iter().filter(|decision| decision.action.starts_with("kms:"));
    at_kms.map(|decision| (decision.action.clone(), decision.allowed)).collect()
}

#[tokio::test]
async fn a_keycard_opens_its_own_rows_data_key_and_no_other_purposes_and_none_after_its_minute() {
    let secured = Secured::sealed().await;
    let alices = secured.alice.signed.session.hash();
    let person = PersonKey::of(&secured.alice.signed.subject);
    let good = opened(&secured, &alices, of_session(&alices), 0).await;
    let read = |aws: &Aws, keys: &Aws| {
        let (store, hash) = (SessionStore::new(aws, SESSION_TABLE.to_owned(), secured.seal(keys)), alices.clone());
        async move { store.read(&hash, soon()).await.map(|row| row.is_some()) }
    };
    assert_eq!(read(&good, &good).await, Ok(true));
    for context in
        [EncryptionContext::of_approvals(SESSION_TABLE, &person), EncryptionContext::of_session("other", &alices)]
    {
        let other = opened(&secured, &alices, context, 0).await;
        assert_eq!(read(&other, &other).await, Err(StoreError::Misconfigured));
    }
    let own = secured.aws_as(secured.own()).await;
    assert_eq!(read(&good, &own).await, Err(StoreError::Misconfigured), "the function's own role opens nothing");
    assert!(judged(&secured).iter().all(|(action, _)| action == "kms:Decrypt"));
    let allowed: Vec<bool> = judged(&secured).iter().map(|(_, allowed)| *allowed).collect();
    assert_eq!(allowed, [true, false, false, false]);

    secured.security().iam.advance(61);
    let later = opened(&secured, &alices, of_session(&alices), 61).await;
    assert_eq!(read(&later, &good).await, Err(StoreError::Misconfigured), "its minute is over");
    assert_eq!(read(&later, &later).await, Ok(true));
}

#[tokio::test]
async fn neither_policy_alone_opens_another_persons_data_key() {
    let secured = Secured::sealed().await;
    let (alices, daves) = (secured.alice.signed.session.hash(), secured.dave.signed.session.hash());
    let web = secured.aws_as(secured.web()).await;
    for context in [of_session(&alices), of_session(&daves)] {
        // The row by the web application's rights, the data key by a keycard of alice's: the session policy does not name
        // dave's row, or the role's own does not.
        let keys = opened(&secured, &alices, context, 0).await;
        let store = SessionStore::new(&web, SESSION_TABLE.to_owned(), secured.seal(&keys));
        assert_eq!(store.read(&daves, soon()).await.err(), Some(StoreError::Misconfigured));
    }
    assert_eq!(judged(&secured), [("kms:Decrypt".to_owned(), false), ("kms:Decrypt".to_owned(), false)]);
}

#[tokio::test]
async fn a_key_that_cannot_be_asked_opens_nothing_and_reaches_nobody() {
    for (status, code, error) in [
        (400, "ThrottlingException", "busy"),
        (500, "KMSInternalException", "unavailable"),
        (400, "DisabledException", "internal"),
        (400, "InvalidCiphertextException", "auth_required"),
    ] {
        let secured = Secured::sealed().await;
        let function = secured.okta_groups("on").await;
        let body = format!(r#"{{"__type":"{code}","message":"text of the service"}}"#);
        let effect = devstack::fault::Effect::Answer { status, headers: [].into(), body };
        secured.security().kms.fault(devstack::fault::Fault { on: String::new(), times: None, skip: 0, effect });
        assert_eq!(secured.ask(&function).await["error"], error, "{code}");
        let counts = secured.world.counts();
        assert_eq!(
            (counts.dynamodb, counts.lambda, counts.auth0_tokens, counts.okta),
            (1, 0, 0, 0),
            "{code}: {counts:?}"
        );
    }
}
