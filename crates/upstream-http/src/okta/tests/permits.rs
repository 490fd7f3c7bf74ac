//! A permit, and looked up ids, are good for their own mandate only.

use auth::refusal::{Code, Refusal};

use super::acting::{Change, KINDS, Kind, Ready, of_bob, ready};
use super::token;
use crate::okta::{Acted, OktaError};
use crate::testing::approval::{ALICE, spent};
use crate::testing::mandate::mandate_about;
use crate::testing::{Answer, Scripted, until};

const CAROL: &str = "oidc|okta-oidc|00u3";

async fn refused_unsent(ready: Ready, server: &Scripted, kind: Kind) {
    let acted = ready.act(kind, until()).await;
    assert_eq!(acted, Acted::Refused(OktaError::NotApproved), "{kind:?}");
    assert_eq!(server.requests().len(), 2, "the lookups");
}

fn done() -> [Answer; 1] {
    [Answer::text(204, "application/json", "")]
}

#[tokio::test]
async fn a_permit_for_other_arguments_or_another_person_reaches_no_upstream() {
    for kind in KINDS {
        for (subject, args) in [(ALICE, of_bob("Sales")), (CAROL, of_bob("VPN"))] {
            let (mut ready, server) = ready(ALICE, done()).await;
            (_, ready.permit) = spent(subject, args);
            refused_unsent(ready, &server, kind).await;
        }
    }
}

#[tokio::test]
async fn a_user_id_that_was_looked_up_for_another_person_or_account_reaches_no_upstream() {
    for kind in KINDS {
        let own = Change { user: None, group: "VPN".to_owned() };
        for (subject, args) in [(ALICE, own), (CAROL, of_bob("VPN"))] {
            let (mut ready, server) = ready(ALICE, done()).await;
            (ready.mandate, ready.permit) = spent(subject, args);
            refused_unsent(ready, &server, kind).await;
        }
    }
}

#[tokio::test]
async fn a_group_id_that_was_looked_up_for_another_group_reaches_no_upstream() {
    for kind in [Kind::Add, Kind::Remove] {
        let (mut ready, server) = ready(ALICE, done()).await;
        (ready.mandate, ready.permit) = spent(ALICE, of_bob("Sales"));
        refused_unsent(ready, &server, kind).await;
    }
}

#[tokio::test]
async fn a_mandate_that_rests_on_a_ticket_changes_nothing() {
    let (ready, server) = ready(ALICE, done()).await;
    let mandate = mandate_about(Some("bob@example.com"));
    let acted = ready.okta.unlock(&mandate, ready.permit, &ready.user, &token(), until()).await;
    assert_eq!(acted, Acted::Refused(OktaError::NotApproved));
    assert_eq!(server.requests().len(), 2, "the lookups");
}

#[test]
fn each_reason_has_its_public_code_and_a_sentence_that_helps() {
    for (error, code, words) in [
        (OktaError::NoSuchGroup, Code::InvalidInput, "`group`"),
        (OktaError::AmbiguousGroup, Code::InvalidInput, "more than one group"),
        (OktaError::NotPossible("the account is not locked"), Code::InvalidInput, "the account is not locked"),
        (OktaError::NotApproved, Code::AccessDenied, "not allowed"),
    ] {
        let refusal = Refusal::from(error);
        assert_eq!(refusal.code(), code);
        assert!(refusal.sentence().contains(words), "{}", refusal.sentence());
    }
}
