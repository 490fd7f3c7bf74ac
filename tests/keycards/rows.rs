//! What a keycard opens and what not, by the real clients.

use auth::approval::PersonKey;
use auth::id::Reference;
use auth::keycard::{Grant, RoleArn, SessionPolicy};
use devstack::stack::{APPROVAL_TABLE, SESSION_TABLE};
use upstream_aws::{
    ApprovalStore, AuditError, AuditStore, Aws, Keycard, KeycardIssuer, SessionStore, StoreError, Wanted,
};

use crate::account::{Secured, soon};

async fn aws(secured: &Secured) -> Aws {
    secured.aws_as(secured.own()).await
}

/// For alice's row, as `list_groups` has one.
async fn keycard(secured: &Secured, aws: &Aws) -> Keycard {
    let role = RoleArn::parse(&secured.role()).unwrap();
    let table = role.account("us-east-1").unwrap().table(SESSION_TABLE).unwrap();
    let (person, session) = (PersonKey::of(&secured.alice.signed.subject), secured.alice.signed.session.hash());
    let now = secured.world.laptop.clock.now();
    let policy = SessionPolicy::of(&[Grant::ReadSession { table, session: session.clone() }], now).unwrap();
    let wanted = Wanted { person: &person, session: Some(&session), tool: "list_groups", policy: &policy };
    KeycardIssuer::new(aws, role).fetch(wanted, now, soon()).await.ok().unwrap()
}

#[tokio::test]
async fn a_keycard_opens_its_row_and_no_other_and_no_other_table_and_nothing_after_its_minute() {
    let secured = Secured::start().await;
    let aws = aws(&secured).await;
    let opened = keycard(&secured, &aws).await.open(&aws);
    let rows = SessionStore::new(&opened, SESSION_TABLE.to_owned(), secured.seal(&aws));
    let (alices, daves) = (secured.alice.signed.session.hash(), secured.dave.signed.session.hash());
    assert!(rows.read(&alices, soon()).await.unwrap().is_some());
    assert_eq!(rows.read(&daves, soon()).await.err(), Some(StoreError::Misconfigured));
    assert_eq!(rows.delete(&alices, soon()).await.err(), Some(StoreError::Misconfigured), "reading is not deleting");
    let approvals = ApprovalStore::new(&opened, APPROVAL_TABLE.to_owned(), secured.seal(&aws));
    let person = PersonKey::of(&secured.alice.signed.subject);
    assert!(approvals.read_open(&person, soon()).await.is_err(), "another table");
    secured.security().iam.advance(61);
    assert_eq!(rows.read(&alices, soon()).await.err(), Some(StoreError::Misconfigured));
}

#[tokio::test]
async fn nobody_reads_a_row_with_the_functions_own_role() {
    let secured = Secured::start().await;
    let aws = aws(&secured).await;
    let rows = SessionStore::new(&aws, SESSION_TABLE.to_owned(), secured.seal(&aws));
    assert_eq!(rows.read(&secured.alice.signed.session.hash(), soon()).await.err(), Some(StoreError::Misconfigured));
}

#[tokio::test]
async fn the_web_applications_role_reads_records_and_adds_to_nobodys() {
    let secured = Secured::start().await;
    let aws = secured.aws_as(secured.web()).await;
    let records = AuditStore::new(&aws, APPROVAL_TABLE.to_owned(), 90);
    let person = PersonKey::of(&secured.alice.signed.subject);
    let (now, reference) = (secured.world.laptop.clock.moment(), Reference::of_request("request"));
    let added = records.append(&person, now, &reference, "{}", soon()).await;
    assert_eq!(added, Err(AuditError::Misconfigured));
    assert!(records.newest(&person, 10, None, soon()).await.is_ok());
}
