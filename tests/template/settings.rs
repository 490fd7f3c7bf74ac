//! What each function is told: all that it asks for, in a form that it takes, and nothing that it never reads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use function::settings::{Environment, Problems, Reader};
use walkdir::WalkDir;

use crate::deployment::{Deployment, text};
use crate::rights::rights;

/// Each function, and the crates that read its settings.
const FUNCTIONS: [(&str, &[&str]); 6] = [
    ("FgaAuthorizer", &["fga-authorizer", "function"]),
    ("OktaGroups", &["okta-groups", "tool", "function"]),
    ("CibaInitiator", &["ciba-initiator", "okta-changes", "tool", "function"]),
    ("ApprovalWorker", &["approval-worker", "okta-changes", "tool", "function"]),
    ("GatewayInterceptor", &["gateway-interceptor", "function"]),
    ("Web", &["web", "tool", "function"]),
];

pub(crate) fn environment(deployment: &Deployment, function: &str) -> BTreeMap<String, String> {
    let properties = deployment.properties(function).unwrap();
    let variables = properties["Environment"]["Variables"].as_object().unwrap().clone();
    variables.into_iter().map(|(name, value)| (name, text(&value))).collect()
}

/// The same, with the region that Lambda adds.
pub(crate) fn started_with(function: &str, more: &[(&str, &str)]) -> Environment {
    started(&Deployment::whole("Classic"), function, more)
}

/// The same of any deployment. No agent is there whose id could be known.
pub(crate) fn started(deployment: &Deployment, function: &str, more: &[(&str, &str)]) -> Environment {
    let mut variables = environment(deployment, function);
    if function == "Web" {
        variables.insert("AGENT_ID".to_owned(), "AGENT12345".to_owned());
    }
    variables.insert("AWS_REGION".to_owned(), "us-east-1".to_owned());
    variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Environment::from_pairs(variables)
}

pub(crate) fn read<T>(
    environment: &Environment,
    settings: impl FnOnce(&mut Reader<'_>) -> Option<T>,
) -> Result<T, Problems> {
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
        read(&told("Web"), web::settings::Settings::read).err(),
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
fn each_function_itself_refuses_what_only_a_trial_may_have() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let functions = ["FgaAuthorizer", "OktaGroups", "CibaInitiator", "ApprovalWorker", "Web"];
    let authorities = functions.map(|function| (function, "EXTRA_CA_FILE", file));
    for (function, name, value) in authorities.into_iter().chain([("FgaAuthorizer", "FGA_AUTHENTICATION", "none")]) {
        for (profile, refused) in [("production", true), ("trial", false), ("laptop", false)] {
            let told = started_with(function, &[("PROFILE", profile), (name, value)]);
            let problems = match function {
                "FgaAuthorizer" => read(&told, fga_authorizer::settings::Settings::read).err(),
                "OktaGroups" => read(&told, okta_groups::settings::Settings::read).err(),
                "CibaInitiator" => read(&told, ciba_initiator::settings::Settings::read).err(),
                "ApprovalWorker" => read(&told, approval_worker::settings::Settings::read).err(),
                _ => read(&told, web::settings::Settings::read).err(),
            };
            let names = problems.map(|problems| problems.names().into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(names, refused.then(|| vec![name.to_owned()]), "{function} {name} {profile}");
        }
    }
}

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
#[test]
fn what_a_function_is_told_fits_what_lambda_takes() {
    for kind in ["Classic", "AgentCore"] {
        let deployment = Deployment::whole(kind);
        for function in deployment.of_type("AWS::Serverless::Function") {
            let told = environment(&deployment, &function);
            let bytes: usize = told.iter().map(|(name, value)| name.len() + value.len()).sum();
            // Room for two minters with two keys each, and for long names.
            assert!(bytes <= 3_000, "{kind} {function}: {bytes} bytes of 4,096");
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
