//! Which key seals, which ones only open, and whose roles may.

use std::collections::BTreeSet;

use acceptance::permissions::value;
use serde_json::json;

use crate::deployment::Deployment;
use crate::reading::template;
use crate::rights::{Right, list, right, rights, statements};
use crate::settings::{environment, read, started};

const SEAL: [&str; 4] = ["OktaGroups", "CibaInitiator", "ApprovalWorker", "Web"];
const ROLES: [&str; 4] = ["Keycard", "Web", "Operator", "Application"];
const FORMER: &str = "arn:aws:kms:us-east-1:123456789012:key/3234abcd-12ab-34cd-56ef-1234567890ab";
const OTHER: &str = "arn:aws:kms:us-east-1:123456789012:key/2234abcd-12ab-34cd-56ef-1234567890ab";

fn with(more: &[(&str, &str)]) -> Deployment {
    let application = [("ApplicationPrincipalArn", "arn:aws:iam::123456789012:role/chat")];
    Deployment::whole("Classic").with(&application).with(more)
}

fn more_rights(before: &Deployment, after: &Deployment, role: &str) -> BTreeSet<Right> {
    let of = |one: &Deployment| rights(&one.properties(&format!("{role}Policy")).unwrap()["PolicyDocument"]);
    &of(after) - &of(before)
}

fn opens<const N: usize>(keys: [&str; N]) -> BTreeSet<Right> {
    keys.map(|key| right("kms:Decrypt", key)).into()
}

/// What the functions that seal are told.
fn told(deployment: &Deployment) -> BTreeSet<(String, String)> {
    let each = SEAL.map(|function| {
        let told = environment(deployment, function);
        (told["SEAL_KEY_ARN"].clone(), told["SEAL_OLD_KEY_ARNS"].clone())
    });
    let tool = read(&started(deployment, "OktaGroups", &[]), okta_groups::settings::Settings::read);
    let web = read(&started(deployment, "Web", &[]), web::settings::Settings::read);
    assert!(tool.is_ok() && web.is_ok());
    each.into()
}

fn said(current: &str, old: &str) -> BTreeSet<(String, String)> {
    BTreeSet::from([(current.to_owned(), old.to_owned())])
}

#[test]
fn a_former_sealing_key_is_told_to_all_who_seal_and_may_be_opened_by_their_roles() {
    let (before, after) = (with(&[]), with(&[("SealOldKeyArns", FORMER)]));
    let own = value("SealingKeyArn");
    assert_eq!((told(&before), told(&after)), (said(&own, ""), said(&own, FORMER)));
    for role in ROLES {
        assert_eq!(more_rights(&before, &after, role), opens([FORMER]), "{role}");
        // A copy of each statement about the key that seals, under the same conditions.
        let policy = after.properties(&format!("{role}Policy")).unwrap()["PolicyDocument"].clone();
        let about = |former: bool| {
            let statements = statements(&policy).iter().filter(move |one| {
                let name = one["Sid"].as_str().unwrap();
                list(&one["Action"]).contains(&"kms:Decrypt".to_owned()) && name.starts_with("Former") == former
            });
            statements.map(|one| one["Condition"].to_string()).collect::<BTreeSet<_>>()
        };
        assert_eq!((about(true).len(), about(true)), (2, about(false)), "{role}");
    }
}

#[test]
fn where_another_key_seals_the_stacks_own_stays_and_opens_what_it_sealed_without_being_asked() {
    let own = value("SealingKeyArn");
    let (before, after) = (with(&[]), with(&[("SealKeyArn", OTHER)]));
    assert_eq!(told(&after), said(OTHER, &own));
    let both = BTreeSet::from([right("kms:Decrypt", OTHER), right("kms:GenerateDataKey", OTHER)]);
    for role in ROLES {
        assert_eq!(more_rights(&before, &after, role), both, "{role}");
        assert_eq!(more_rights(&after, &before, role), BTreeSet::from([right("kms:GenerateDataKey", &own)]), "{role}");
    }
    for table in ["SessionTable", "ApprovalTable"] {
        assert_eq!(after.properties(table).unwrap()["Tags"][0]["Value"], OTHER);
    }
    let key = &template()["Resources"]["SealingKey"];
    assert_eq!((&key["DeletionPolicy"], key.get("Condition")), (&json!("Retain"), None));
}

#[test]
fn a_key_that_follows_another_of_ones_own_leaves_both_that_sealed_before() {
    let own = value("SealingKeyArn");
    let (before, after) = (with(&[]), with(&[("SealKeyArn", OTHER), ("SealOldKeyArns", FORMER)]));
    assert_eq!(told(&after), said(OTHER, &format!("{own},{FORMER}")));
    for role in ROLES {
        let decrypts = |one: &Right| one.0 == "kms:Decrypt";
        let more: BTreeSet<Right> = more_rights(&before, &after, role).into_iter().filter(decrypts).collect();
        assert_eq!(more, opens([FORMER, OTHER]), "{role}");
        let kept = rights(&after.properties(&format!("{role}Policy")).unwrap()["PolicyDocument"]);
        assert!(kept.contains(&right("kms:Decrypt", &own)), "{role}");
    }
}
