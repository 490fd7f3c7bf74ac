//! The role of whoever runs `mandate doctor --deployed`, for whoever asks for it.

use std::collections::BTreeSet;

use acceptance::permissions::{cases, document, value};
use serde_json::{Value, json};

use crate::deployment::Deployment;
use crate::rights::{Right, list, right, rights, statements, uniform};
use crate::roles::policy;

const FILE: &str = "doctor.permissions.json";

/// The document without what only the other kind of agent has.
fn meant(kind: &str) -> Value {
    let (gone, function) = match kind {
        "Classic" => (&["LookAtTheGateway"][..], Some(value("InterceptorFunctionArn"))),
        _ => (&["LookAtTheAgent", "LookAtItsAlias"][..], None),
    };
    let mut document = document(FILE);
    let statements = document["Statement"].as_array_mut().unwrap();
    statements.retain(|one| !gone.contains(&one["Sid"].as_str().unwrap()));
    for statement in statements {
        let kept = list(&statement["Resource"]).into_iter().filter(|one| Some(one) != function.as_ref());
        statement["Resource"] = kept.collect::<Vec<_>>().into();
    }
    document
}

#[test]
fn the_doctors_role_says_exactly_what_its_document_says() {
    let mut all = BTreeSet::new();
    for kind in ["Classic", "AgentCore"] {
        let policy = policy(&Deployment::whole(kind), "Doctor");
        assert_eq!(uniform(&policy), uniform(&meant(kind)), "{kind}");
        all.extend(rights(&policy));
    }
    assert_eq!(all, rights(&document(FILE)));
}

#[test]
fn what_the_doctor_asks_is_what_its_role_allows_and_nothing_else() {
    let cases = cases();
    let case = cases.iter().find(|case| case.name == "doctor").unwrap();
    let asked = case.intents.iter().flat_map(|one| one.actions.iter().map(|action| right(action, &one.resource)));
    let asked: BTreeSet<Right> = asked.collect();
    let of = |kind: &str| rights(&policy(&Deployment::whole(kind), "Doctor"));
    assert_eq!(&of("Classic") | &of("AgentCore"), asked);
    // A right too many and a right too few are both seen.
    let mut wider = document(FILE);
    wider["Statement"][0]["Action"].as_array_mut().unwrap().push(json!("dynamodb:Scan"));
    let mut narrower = document(FILE);
    narrower["Statement"].as_array_mut().unwrap().remove(3);
    for changed in [wider, narrower] {
        assert_ne!(rights(&changed), asked);
        assert_ne!(uniform(&changed), uniform(&document(FILE)));
    }
}

#[test]
fn it_changes_nothing_and_opens_nobodys_row() {
    let document = document(FILE);
    for (action, _) in rights(&document) {
        let verb = action.split(':').nth(1).unwrap();
        let looks = verb.starts_with("Describe") || verb.starts_with("Get");
        assert!(looks || ["Decrypt", "GenerateDataKey"].contains(&verb), "{action}");
    }
    for statement in statements(&document).iter().filter(|one| list(&one["Action"]).contains(&"kms:Decrypt".to_owned()))
    {
        let condition = &statement["Condition"]["StringEquals"];
        let nobody = condition["kms:EncryptionContext:row"] == "mandate-doctor-asks";
        let by_lambda = condition["kms:ViaService"] == "lambda.us-east-1.amazonaws.com";
        assert!(nobody || by_lambda, "{statement}");
    }
}

#[test]
fn without_a_principal_there_is_no_such_role_and_the_key_names_none() {
    for kind in ["Classic", "AgentCore"] {
        let none = Deployment::whole(kind).with(&[("DoctorPrincipalArn", "")]);
        assert!(none.properties("DoctorRole").is_none() && none.properties("DoctorPolicy").is_none(), "{kind}");
        let key = |deployment: &Deployment| deployment.properties("SealingKey").unwrap().to_string();
        let name = value("DoctorRoleArn");
        assert!(!key(&none).contains(&name) && key(&Deployment::whole(kind)).contains(&name), "{kind}");
    }
}
