//! What each function is told: all that it asks for, in a form that it takes, and nothing that it never reads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use acceptance::permissions::value;
use function::settings::{Environment, Problems, Reader};
use walkdir::WalkDir;

use crate::deployment::{Deployment, text};
use crate::reading::template;
use crate::rights::{Right, list, right, rights, statements};

/// Each function, and the crates that read its settings.
const FUNCTIONS: [(&str, &[&str]); 6] = [
    ("FgaAuthorizer", &["fga-authorizer", "function"]),
    ("OktaGroups", &["okta-groups", "tool"]),
    ("CibaInitiator", &["ciba-initiator", "okta-changes", "tool"]),
    ("ApprovalWorker", &["approval-worker", "okta-changes", "tool"]),
    ("GatewayInterceptor", &["gateway-interceptor", "function"]),
    ("Web", &["web", "tool"]),
];

fn environment(deployment: &Deployment, function: &str) -> BTreeMap<String, String> {
    let properties = deployment.properties(function).unwrap();
    let variables = properties["Environment"]["Variables"].as_object().unwrap().clone();
    variables.into_iter().map(|(name, value)| (name, text(&value))).collect()
}

/// The same, with the region that Lambda adds.
fn started_with(function: &str, more: &[(&str, &str)]) -> Environment {
    let mut variables = environment(&Deployment::whole("Classic"), function);
    variables.insert("AWS_REGION".to_owned(), "us-east-1".to_owned());
    variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Environment::from_pairs(variables)
}

fn read<T>(environment: &Environment, settings: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Result<T, Problems> {
    let mut reader = Reader::new(environment);
    let settings = settings(&mut reader);
    reader.finish(settings)
}

#[test]
fn each_function_starts_with_what_the_template_tells_it() {
    let told = |function: &str| started_with(function, &[]);
    let problems = [
        read(&told("FgaAuthorizer"), fga_authorizer::settings::Settings::read).err(),
        read(&told("OktaGroups"), okta_groups::settings::Settings::read).err(),
        read(&told("CibaInitiator"), ciba_initiator::settings::Settings::read).err(),
        read(&told("ApprovalWorker"), approval_worker::settings::Settings::read).err(),
    ];
    for problem in problems {
        assert!(problem.is_none(), "{}", problem.unwrap());
    }
}

#[test]
fn the_web_application_is_told_an_agent_or_a_gateway_and_starts_with_either() {
    for kind in ["Classic", "AgentCore"] {
        let mut told = environment(&Deployment::whole(kind), "Web");
        let of_gateway = kind == "AgentCore";
        assert_eq!(
            (told["GATEWAY_URL"].ends_with("/mcp"), told["AGENT_ALIAS_ID"].is_empty()),
            (of_gateway, of_gateway)
        );
        if of_gateway {
            assert_eq!(told["AGENT_ID"], "mandate-abc1234567");
            assert_eq!(
                (told["GATEWAY_AUDIENCE"].as_str(), told["GATEWAY_CLIENTS"].as_str()),
                ("https://tools.example", "mcp-client")
            );
        }
        told.insert("AWS_REGION".to_owned(), "us-east-1".to_owned());
        let problem = read(&Environment::from_pairs(told), web::settings::Settings::read).err();
        assert!(problem.is_none(), "{kind}: {}", problem.unwrap());
    }
}

#[test]
fn a_function_itself_refuses_what_production_must_not_have() {
    let refused = |more: &[(&str, &str)]| {
        let problems = read(&started_with("OktaGroups", more), okta_groups::settings::Settings::read).err().unwrap();
        problems.names().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(refused(&[("KEYCARDS", "off")]), ["KEYCARDS"]);
    assert_eq!(refused(&[("SEAL_KEY_FILE", "/opt/key")]), ["SEAL_KEY_ARN", "SEAL_KEY_FILE"]);
    assert_eq!(refused(&[("OKTA_DOMAIN", "http://acme.okta.com")]), ["OKTA_DOMAIN"]);
    assert_eq!(refused(&[("AUTH0_ISSUER", "http://tenant.us.auth0.com/")]), ["AUTH0_ISSUER"]);
}

#[test]
fn the_authorizer_itself_refuses_what_only_a_trial_may_have() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for (name, value) in [("FGA_AUTHENTICATION", "none"), ("EXTRA_CA_FILE", file)] {
        for (profile, refused) in [("production", true), ("trial", false), ("laptop", false)] {
            let told = started_with("FgaAuthorizer", &[("PROFILE", profile), (name, value)]);
            let problems = read(&told, fga_authorizer::settings::Settings::read).err();
            let names = problems.map(|problems| problems.names().into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(names, refused.then(|| vec![name.to_owned()]), "{name} {profile}");
        }
    }
}

#[test]
fn every_function_is_told_the_profile() {
    for kind in ["Classic", "AgentCore"] {
        let deployment = Deployment::whole(kind).with(&[("Profile", "trial")]);
        for function in deployment.of_type("AWS::Serverless::Function") {
            assert_eq!(environment(&deployment, &function)["PROFILE"], "trial", "{function}");
        }
    }
}

#[test]
fn no_function_is_told_what_it_never_reads() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    for (function, readers) in FUNCTIONS {
        let sources = readers.iter().flat_map(|name| WalkDir::new(crates.join(name).join("src")).into_iter().flatten());
        let files = sources.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "rs"));
        let code: String = files.map(|entry| std::fs::read_to_string(entry.path()).unwrap()).collect();
        if !crates.join(readers[0]).exists() {
            continue;
        }
        let deployment = ["Classic", "AgentCore"].map(Deployment::whole);
        let told = deployment
            .iter()
            .filter(|one| one.properties(function).is_some())
            .flat_map(|one| environment(one, function));
        for (name, _) in told {
            assert!(code.contains(&format!("\"{name}\"")), "{function} is told {name} and never reads it");
        }
    }
}

#[test]
fn a_setting_names_each_secret_that_the_role_may_read_and_holds_none() {
    for kind in ["Classic", "AgentCore"] {
        let deployment = Deployment::whole(kind);
        for (function, _) in FUNCTIONS.into_iter().filter(|(name, _)| deployment.properties(name).is_some()) {
            let told = environment(&deployment, function);
            for (name, value) in &told {
                let secret = name.ends_with("_SECRET") || name.ends_with("_SEED") || name == "TICKET_KEY";
                assert!(!secret && !value.contains("{{resolve:"), "{function}: {name}");
            }
            let named: BTreeSet<String> = told.into_values().filter(|value| value.contains(":secret:")).collect();
            let policy = deployment.properties(&format!("{function}Policy")).unwrap()["PolicyDocument"].clone();
            let allowed = rights(&policy).into_iter().filter(|(action, _)| action == "secretsmanager:GetSecretValue");
            assert_eq!(named, allowed.map(|(_, arn)| arn).collect(), "{function}");
        }
    }
}

#[test]
fn a_former_sealing_key_is_told_to_all_who_seal_and_may_be_opened_by_their_roles() {
    let keys = "arn:aws:kms:us-east-1:123456789012:key/3234abcd-12ab-34cd-56ef-1234567890ab,\
                arn:aws:kms:us-east-1:123456789012:key/2234abcd-12ab-34cd-56ef-1234567890ab";
    let (before, deployment) =
        (Deployment::whole("Classic"), Deployment::whole("Classic").with(&[("SealOldKeyArns", keys)]));
    for (function, role) in
        [("OktaGroups", "Keycard"), ("CibaInitiator", "Keycard"), ("ApprovalWorker", "Keycard"), ("Web", "Web")]
    {
        assert_eq!(environment(&deployment, function)["SEAL_OLD_KEY_ARNS"], keys, "{function}");
        assert_eq!(environment(&before, function)["SEAL_OLD_KEY_ARNS"], "");
        let more = more_rights(&before, &deployment, role);
        assert_eq!(more, keys.split(',').map(|key| right("kms:Decrypt", key)).collect(), "{role}");
    }
    assert_eq!(more_rights(&before, &deployment, "Operator").len(), 2);
    let told = started_with("OktaGroups", &[("SEAL_OLD_KEY_ARNS", keys)]);
    assert!(read(&told, okta_groups::settings::Settings::read).is_ok());
    // A copy of each statement about the key that seals, under the same conditions.
    for role in ["Keycard", "Web", "Operator"] {
        let policy = deployment.properties(&format!("{role}Policy")).unwrap()["PolicyDocument"].clone();
        let about = |former: bool| {
            let own = statements(&policy).iter().filter(move |one| {
                let name = one["Sid"].as_str().unwrap();
                list(&one["Action"]).contains(&"kms:Decrypt".to_owned()) && name.starts_with("Former") == former
            });
            own.map(|one| one["Condition"].to_string()).collect::<BTreeSet<_>>()
        };
        assert_eq!((about(true).len(), about(true)), (2, about(false)), "{role}");
    }
}

#[test]
fn another_sealing_key_takes_the_place_of_the_stacks_own_which_stays() {
    let (other, own) =
        ("arn:aws:kms:us-east-1:123456789012:key/3234abcd-12ab-34cd-56ef-1234567890ab", value("SealingKeyArn"));
    let before = Deployment::whole("Classic");
    let after = Deployment::whole("Classic").with(&[("SealKeyArn", other), ("SealOldKeyArns", &own)]);
    for function in ["OktaGroups", "CibaInitiator", "ApprovalWorker", "Web"] {
        let told = environment(&after, function);
        assert_eq!((&told["SEAL_KEY_ARN"], &told["SEAL_OLD_KEY_ARNS"]), (&other.to_owned(), &own), "{function}");
    }
    let both = BTreeSet::from([right("kms:Decrypt", other), right("kms:GenerateDataKey", other)]);
    for role in ["Keycard", "Web", "Operator"] {
        assert_eq!(more_rights(&before, &after, role), both, "{role}");
        assert_eq!(more_rights(&after, &before, role), BTreeSet::from([right("kms:GenerateDataKey", &own)]), "{role}");
    }
    for table in ["SessionTable", "ApprovalTable"] {
        assert_eq!(after.properties(table).unwrap()["Tags"][0]["Value"], other);
    }
    let key = &template()["Resources"]["SealingKey"];
    assert_eq!((&key["DeletionPolicy"], key.get("Condition")), (&serde_json::json!("Retain"), None));
    let told = started_with("OktaGroups", &[("SEAL_KEY_ARN", other), ("SEAL_OLD_KEY_ARNS", &own)]);
    assert!(read(&told, okta_groups::settings::Settings::read).is_ok());
}

fn more_rights(before: &Deployment, after: &Deployment, role: &str) -> BTreeSet<Right> {
    let of = |one: &Deployment| rights(&one.properties(&format!("{role}Policy")).unwrap()["PolicyDocument"]);
    &of(after) - &of(before)
}

#[test]
fn before_the_gateway_is_known_the_interceptor_does_not_start() {
    let first = Deployment::first("AgentCore");
    assert_eq!(environment(&first, "GatewayInterceptor")["GATEWAY_ARN"], "");
    let whole = Deployment::whole("AgentCore");
    let told = environment(&whole, "GatewayInterceptor");
    assert!(told["GATEWAY_ARN"].ends_with(":gateway/mandate-abc1234567"));
    assert!(
        told["GATEWAY_RESOURCE_METADATA"]
            .starts_with("https://mandate-abc1234567.gateway.bedrock-agentcore.us-east-1.")
    );
    let issuers: serde_json::Value = serde_json::from_str(&told["GATEWAY_ISSUERS"]).unwrap();
    assert_eq!(issuers["issuers"][0]["clients"], serde_json::json!(["mcp-client"]));
    assert_eq!(issuers["issuers"][0]["jwks"], "https://tenant.us.auth0.com/.well-known/jwks.json");
}
