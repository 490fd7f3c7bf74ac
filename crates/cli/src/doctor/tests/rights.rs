//! That the role of the doctor has no right too many: without any one of them, something cannot be asked.

use std::collections::BTreeSet;

use devstack::iam::Role;
use serde_json::Value;

use super::super::finding::Verdict;
use super::{report, with};
use crate::laptop::account::{DOCTOR_ROLE, filled, sealing_key, values};
use crate::laptop::planned::doubles;

const DOCUMENT: &str = include_str!("../../../../../infra/permissions/doctor.permissions.json");
/// The doubles of these heed policies. A configuration's own key, and Bedrock's and AgentCore's control APIs, heed none here.
const HEEDED: [&str; 4] = ["dynamodb", "kms", "sqs", "lambda"];

fn texts(value: &Value) -> Vec<String> {
    let one = std::slice::from_ref(value);
    let all = value.as_array().map_or(one, Vec::as_slice);
    all.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The document without this right.
fn without(document: &Value, at: usize, action: &str, resource: &str) -> Value {
    let mut less = document.clone();
    let kept = less["Statement"].as_array_mut().unwrap();
    let mut others = kept[at].clone();
    let rest = |all: &Value, gone: &str| texts(all).into_iter().filter(|one| one != gone).collect::<Vec<_>>();
    kept[at]["Action"] = rest(&document["Statement"][at]["Action"], action).into();
    others["Sid"] = "TheOthers".into();
    others["Action"] = action.into();
    others["Resource"] = rest(&document["Statement"][at]["Resource"], resource).into();
    kept.push(others);
    kept.retain(|one| !texts(&one["Action"]).is_empty() && !texts(&one["Resource"]).is_empty());
    less
}

#[tokio::test]
async fn without_any_one_of_its_rights_something_cannot_be_asked() {
    let laptop = doubles("doctor-rights", true).await;
    let security = &laptop.stack.security;
    let document = filled(DOCUMENT, &values(&sealing_key(security).unwrap(), "")).unwrap();
    let mut tried = BTreeSet::new();
    for (at, statement) in document["Statement"].as_array().unwrap().iter().enumerate() {
        for action in texts(&statement["Action"]) {
            for resource in texts(&statement["Resource"]) {
                let service = action.split(':').next().unwrap().to_owned();
                // The laptop's web application is a program, and no function.
                let nobody = statement["Sid"] == "ReadSettingsOfFunctions" || resource.ends_with(":function:web");
                if nobody || !HEEDED.contains(&service.as_str()) {
                    continue;
                }
                let less = without(&document, at, &action, &resource);
                security.iam.add_role(&Role::new(DOCTOR_ROLE).allowing(less)).unwrap();
                // What only production must have is asked for by production.
                let production = action.ends_with("DescribeContinuousBackups");
                let profile: &[_] = if production { &[("PROFILE", "production")] } else { &[] };
                let report = report(&laptop, profile).await;
                let unasked = with(&report, Verdict::Unasked);
                assert!(!unasked.is_empty(), "{action} on {resource}: {}", report.lines().join("\n"));
                tried.insert((action.clone(), resource));
            }
        }
    }
    assert_eq!(tried.len(), 15, "{tried:?}");
    security.iam.add_role(&Role::new(DOCTOR_ROLE).allowing(document)).unwrap();
    assert_eq!(report(&laptop, &[]).await.of(Verdict::Unasked), 0);
}
