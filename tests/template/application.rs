//! The role of an application that is not ours, for whoever asks for it.

use std::collections::BTreeSet;

use acceptance::permissions::document;
use serde_json::{Value, json};

use crate::deployment::Deployment;
use crate::rights::{right, rights, statements, uniform};
use crate::trusts::principal;

const PRINCIPAL: &str = "arn:aws:iam::123456789012:role/chat";

fn with_application(kind: &str) -> Deployment {
    Deployment::whole(kind).with(&[("ApplicationPrincipalArn", PRINCIPAL)])
}

fn policy(deployment: &Deployment) -> Value {
    deployment.properties("ApplicationPolicy").unwrap()["PolicyDocument"].clone()
}

#[test]
fn an_application_of_ones_own_may_what_ours_may_but_for_its_secrets_and_logs() {
    let mut meant = document("web-app.permissions.json");
    let own = ["OwnSecrets", "OwnLogs", "Traces"];
    meant["Statement"].as_array_mut().unwrap().retain(|one| !own.contains(&one["Sid"].as_str().unwrap()));
    let classic = with_application("Classic");
    assert_eq!(uniform(&policy(&classic)), uniform(&meant));
    let agent = acceptance::permissions::value("AgentAliasArn");
    let gone = &rights(&policy(&classic)) - &rights(&policy(&with_application("AgentCore")));
    assert_eq!(gone, BTreeSet::from([right("bedrock:InvokeAgent", &agent)]));
    let role = classic.properties("ApplicationRole").unwrap();
    assert_eq!(uniform(&role["AssumeRolePolicyDocument"]), uniform(&principal(PRINCIPAL)));
}

#[test]
fn the_sealing_key_is_used_by_that_role_when_it_is_there_and_not_before() {
    let users = |deployment: &Deployment| {
        let policy = deployment.properties("SealingKey").unwrap()["KeyPolicy"].clone();
        let users = statements(&policy)[1]["Condition"]["ArnEquals"]["aws:PrincipalArn"].clone();
        users.as_array().unwrap().to_vec()
    };
    for kind in ["Classic", "AgentCore"] {
        let before = users(&Deployment::whole(kind));
        let after = users(&with_application(kind));
        assert_eq!(after[..before.len()], before[..]);
        assert_eq!(after[before.len()..], [json!("arn:aws:iam::123456789012:role/mandate-application")]);
        assert!(Deployment::whole(kind).properties("ApplicationRole").is_none(), "{kind}");
        assert_eq!(with_application(kind).properties("ApplicationRole").unwrap()["RoleName"], "mandate-application");
    }
}
