mod broken;
mod rights;

use std::collections::BTreeSet;

use function::settings::Environment;

use super::checks::CHECKS;
use super::finding::Verdict;
use super::{Report, look};
use crate::laptop::Laptop;
use crate::laptop::planned::doubles;
use crate::running::Running;

fn configuration(laptop: &Laptop, more: &[(&str, &str)]) -> Environment {
    Running::of(laptop).configuration().unwrap().with(more.iter().copied())
}

async fn report(laptop: &Laptop, more: &[(&str, &str)]) -> Report {
    look(configuration(laptop, more), function::clock::system(), |_| {}).await.unwrap()
}

fn with(report: &Report, verdict: Verdict) -> BTreeSet<&'static str> {
    report.lines.iter().filter(|line| line.verdict == verdict).map(|line| line.check).collect()
}

#[tokio::test]
async fn a_system_as_the_demo_starts_it_has_nothing_wrong_and_changes_nothing() {
    let laptop = doubles("doctor-well", true).await;
    let before = laptop.stack.openfga.tuples(devstack::stack::STORE.0);
    let report = report(&laptop, &[]).await;
    let not_ok: Vec<String> =
        report.lines.iter().filter(|line| line.verdict != Verdict::Ok).map(|line| format!("{line:?}")).collect();
    assert_eq!(report.of(Verdict::Ok), CHECKS.len() - 5, "{not_ok:?}");
    let production = [
        "approvals.protection",
        "approvals.recovery",
        "gateway.policy-engine",
        "sessions.protection",
        "sessions.recovery",
    ];
    assert!(with(&report, Verdict::Unused).into_iter().eq(production), "what only production must have");
    assert!(report.ended().is_ok());
    assert_eq!(laptop.stack.openfga.tuples(devstack::stack::STORE.0), before);
    for operation in laptop.stack.dynamodb.operations() {
        assert!(operation.starts_with("Describe"), "{operation}");
    }
    assert_eq!(laptop.stack.sqs.requests_by_operation("GetQueueAttributes"), 1);
}

#[test]
fn the_guide_counts_the_checks() {
    let guide = include_str!("../../../../docs/guides/commands.md");
    assert!(guide.contains(&format!("each of {} checks", CHECKS.len())));
    for (name, _) in CHECKS {
        let area = name.split('.').next().unwrap();
        assert!(guide.contains(&format!("`{area}.")), "{name}");
    }
}

#[tokio::test]
async fn without_a_gateway_none_is_looked_for() {
    let laptop = doubles("doctor-gateway", false).await;
    let report = report(&laptop, &[]).await;
    assert_eq!(report.of(Verdict::Wrong) + report.of(Verdict::Unasked), 0, "{:?}", report.lines());
    let unused = with(&report, Verdict::Unused);
    for check in ["gateway.exists", "gateway.authorizer", "gateway.interceptor", "gateway.policy-engine"] {
        assert!(unused.contains(check), "{check}");
    }
}

#[tokio::test]
async fn behind_a_gateway_bedrock_is_asked_for_no_agent() {
    let laptop = doubles("doctor-client", true).await;
    laptop.stack.bedrock.double.forget();
    let report = report(&laptop, &[("GATEWAY_URL", "https://gateway.example/mcp"), ("AGENT_ID", "GATEWAY123")]).await;
    let unused = with(&report, Verdict::Unused);
    assert!(unused.contains("agent.exists") && unused.contains("agent.alias"), "{unused:?}");
    assert_eq!(laptop.stack.bedrock.double.requests_to("GET /agents/"), 0);
}

#[tokio::test]
async fn whoever_may_not_ask_is_told_so_and_it_ends_with_3() {
    let laptop = doubles("doctor-unasked", false).await;
    let nobody = [("AUTH0_MANAGEMENT_CLIENT_ID", ""), ("AWS_ACCESS_KEY_ID", ""), ("FGA_ADMIN_CLIENT_ID", "")];
    let report = report(&laptop, &nobody).await;
    assert_eq!(with(&report, Verdict::Wrong), BTreeSet::new(), "{:?}", report.lines());
    let unasked = with(&report, Verdict::Unasked);
    for check in ["auth0.grants", "auth0.mfa-policy", "sessions.table", "seal.key", "queue.exists", "functions.exist"] {
        assert!(unasked.contains(check), "{check}");
    }
    assert!(!unasked.contains("auth0.client") && !unasked.contains("fga.rights"));
    assert_eq!(report.ended().unwrap_err().exit_code(), 3);
    let all = report.lines().join("\n");
    assert!(all.contains("mend: set AUTH0_MANAGEMENT_TOKEN"), "{all}");
    assert_eq!(laptop.stack.auth0.requests_to("GET /api/v2/"), 0);
    assert!(laptop.stack.dynamodb.operations().is_empty(), "nothing unsigned is sent");
}

#[tokio::test]
async fn where_the_functions_key_opens_for_others_only_their_environments_are_not_called_good() {
    let laptop = doubles("doctor-sealed", false).await;
    let told = serde_json::json!({"Error": {"ErrorCode": "AccessDeniedException", "Message": "hunter-2"}});
    let effect = devstack::fault::Effect::Patch([("/Environment".to_owned(), told)].into());
    let on = "GET /2015-03-31/functions/".to_owned();
    laptop.stack.lambda.double.fault(devstack::fault::Fault { on, times: None, skip: 0, effect });
    let report = report(&laptop, &[]).await;
    let unasked = BTreeSet::from(["functions.profile", "functions.secrets", "functions.settings"]);
    assert_eq!((with(&report, Verdict::Wrong), with(&report, Verdict::Unasked)), (BTreeSet::new(), unasked));
    let all = report.lines().join("\n");
    assert!(all.contains("kms:Decrypt") && !all.contains("hunter-2"), "{all}");
    assert_eq!(report.ended().unwrap_err().exit_code(), 3);
}

#[tokio::test]
async fn a_secret_at_secrets_manager_is_asked_for_by_its_name_here() {
    let laptop = doubles("doctor-arn", false).await;
    let arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:auth0-abc123";
    let report = report(&laptop, &[("AUTH0_CLIENT_SECRET", ""), ("AUTH0_CLIENT_SECRET_ARN", arn)]).await;
    assert_eq!(with(&report, Verdict::Wrong), BTreeSet::new(), "{:?}", report.lines());
    let line = report.lines.iter().find(|line| line.check == "auth0.client").unwrap();
    assert_eq!((line.verdict, line.what.as_str()), (Verdict::Unasked, "the client's secret is at Secrets Manager"));
    assert!(line.mend.as_ref().unwrap().contains("in place of AUTH0_CLIENT_SECRET_ARN"), "{line:?}");
}

#[tokio::test]
async fn an_issuer_is_read_as_the_functions_read_it() {
    let laptop = doubles("doctor-issuer", false).await;
    let slashless = laptop.stack.auth0.issuer().trim_end_matches('/').to_owned();
    let spelt = [("AUTH0_ISSUER", slashless.as_str())];
    let line = |report: &Report| report.lines.iter().find(|line| line.check == "auth0.issuer").unwrap().verdict;
    assert_eq!(line(&report(&laptop, &spelt).await), Verdict::Ok);
    let otherwise = [("OIDC_ISSUER", slashless.as_str())];
    assert_eq!(line(&report(&laptop, &otherwise).await), Verdict::Wrong, "the document has the slash");
}

#[tokio::test]
async fn services_that_do_not_answer_make_nothing_wrong() {
    let laptop = doubles("doctor-down", false).await;
    let mut gone: Vec<(&str, &str)> =
        vec![("FGA_API_URL", "http://127.0.0.1:1"), ("FGA_TOKEN_URL", "http://127.0.0.1:1/t")];
    gone.extend([("AUTH0_ISSUER", "http://127.0.0.1:1/"), ("OKTA_DOMAIN", "http://127.0.0.1:1")]);
    gone.extend(["DYNAMODB", "KMS", "SQS", "LAMBDA", "BEDROCK_AGENT"].map(|service| match service {
        "DYNAMODB" => ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1"),
        "KMS" => ("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:1"),
        "SQS" => ("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:1"),
        "LAMBDA" => ("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:1"),
        _ => ("AWS_ENDPOINT_URL_BEDROCK_AGENT", "http://127.0.0.1:1"),
    }));
    let report = report(&laptop, &gone).await;
    assert_eq!(with(&report, Verdict::Wrong), BTreeSet::new(), "{:?}", report.lines());
    assert_eq!(report.of(Verdict::Ok), 4, "the settings by themselves: {:?}", with(&report, Verdict::Ok));
}

#[tokio::test]
async fn no_line_holds_a_secret_or_what_somebody_answered() {
    let laptop = doubles("doctor-silent", true).await;
    let loud = r#"{"__type":"x#AccessDeniedException","message":"hunter-2","error":"hunter-2","code":"hunter-2"}"#;
    let effect = devstack::fault::Effect::Answer { status: 400, headers: Default::default(), body: loud.to_owned() };
    let fault = devstack::fault::Fault { on: String::new(), times: None, skip: 0, effect };
    for double in laptop.stack.doubles() {
        double.fault(fault.clone());
    }
    let loud = report(&laptop, &[("AUTH0_MANAGEMENT_TOKEN", "hunter-2"), ("TICKET_KEYS", "hunter-2")]).await;
    for double in laptop.stack.doubles() {
        double.mend();
    }
    let well = report(&laptop, &[]).await;
    let secrets: Vec<String> = configuration_secrets(&laptop);
    assert!(secrets.len() >= 6);
    for report in [loud, well] {
        for text in [report.lines().join("\n"), report.json()] {
            assert!(!text.contains("hunter-2"), "{text}");
            assert!(secrets.iter().all(|secret| !text.contains(secret.as_str())), "{text}");
        }
    }
}

fn configuration_secrets(laptop: &Laptop) -> Vec<String> {
    let running = Running::of(laptop);
    let all = running.functions.values().chain([&running.auditor, &running.administrator]);
    let secret = |name: &str| name.contains("SECRET") || name.contains("SEED") || name.contains("TOKEN_KEY");
    let secrets = all.flatten().filter(|(name, _)| secret(name)).map(|(_, value)| value.clone());
    secrets.collect::<BTreeSet<String>>().into_iter().collect()
}

#[tokio::test]
async fn for_a_program_each_line_has_check_verdict_and_words() {
    let laptop = doubles("doctor-json", false).await;
    let report = report(&laptop, &[("AUDIT_DAYS", "0")]).await;
    let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
    let first = &json["lines"][0];
    assert_eq!((first["check"].as_str(), first["verdict"].as_str()), (Some("settings.complete"), Some("wrong")));
    assert!(first["what"].as_str().unwrap().starts_with("AUDIT_DAYS is out of range"));
    assert!(first["mend"].as_str().unwrap().contains("1 to 3650"));
    assert_eq!(json["lines"].as_array().unwrap().len(), CHECKS.len());
    assert!(json["lines"][1]["mend"].is_null());
    assert_eq!(report.ended().unwrap_err().exit_code(), 1);
}
