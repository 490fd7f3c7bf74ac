use std::path::Path;

use serde_json::Value;
use tool::catalog::Catalog;

use super::{Files, catalogs, files, of};

fn all() -> Files {
    super::all().unwrap()
}

fn parsed(name: &str) -> Value {
    serde_json::from_str(&all()[name]).unwrap()
}

/// The entries of a file for each of the groups.
fn each(ending: &str, members: &str) -> Vec<Value> {
    let files = all().into_iter().filter(|(name, _)| name.ends_with(ending));
    let values = files.map(|(_, text)| serde_json::from_str::<Value>(&text).unwrap());
    values.flat_map(|value| value.pointer(members).unwrap().as_array().unwrap().clone()).collect()
}

#[test]
fn what_is_committed_is_what_make_schemas_would_write() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("infra/generated");
    let problems = files::stale(&folder, &all()).unwrap();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_file_that_was_changed_left_out_or_left_over_is_told_with_the_remedy() {
    let folder = std::env::temp_dir().join(format!("mandate-schemas-{}", std::process::id()));
    files::write(&folder, &all()).unwrap();
    assert_eq!(files::stale(&folder, &all()).unwrap(), Vec::<String>::new());
    std::fs::write(folder.join("cedar/scopes.cedar"), "permit (principal, action, resource);").unwrap();
    std::fs::remove_file(folder.join("gateway/tools.json")).unwrap();
    std::fs::write(folder.join("gateway/okta.tools.json"), "[]").unwrap();
    let problems = files::stale(&folder, &all()).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    for (problem, name, remedy) in [
        (&problems[0], "cedar/scopes.cedar", "run make schemas"),
        (&problems[1], "gateway/tools.json", "run make schemas"),
        (&problems[2], "gateway/okta.tools.json", "delete it"),
    ] {
        assert!(problem.contains(name) && problem.ends_with(remedy), "{problem}");
    }
    assert_eq!(problems.len(), 3);
}

/// The API model's patterns and lengths for `FunctionSchema`; five parameters a function and eleven operations an action
/// group are the service's quotas.
#[test]
fn a_function_schema_keeps_within_what_bedrock_takes() {
    let is_name = regex::Regex::new("^([0-9a-zA-Z][_-]?){1,100}$").unwrap();
    let functions = each(".functions.json", "/functions");
    assert!(functions.len() >= 8);
    for function in functions {
        let name = function["name"].as_str().unwrap();
        assert!(is_name.is_match(name), "{name}");
        let described = function["description"].as_str().unwrap().chars().count();
        assert!((1..=1200).contains(&described), "{name}");
        assert!(["ENABLED", "DISABLED"].contains(&function["requireConfirmation"].as_str().unwrap()), "{name}");
        let parameters = function.get("parameters").map(|parameters| parameters.as_object().unwrap().clone());
        let parameters = parameters.unwrap_or_default();
        assert!(parameters.len() <= 5, "{name} has more parameters than Bedrock takes");
        for (parameter, detail) in parameters {
            assert!(is_name.is_match(&parameter), "{name}: {parameter}");
            assert!(
                (1..=500).contains(&detail["description"].as_str().unwrap().chars().count()),
                "{name}: {parameter}"
            );
            let kind = detail["type"].as_str().unwrap();
            assert!(["string", "number", "integer", "boolean", "array"].contains(&kind), "{name}: {parameter}");
            assert!(detail["required"].is_boolean() && detail.as_object().unwrap().len() == 3, "{name}: {parameter}");
        }
    }
    for catalog in catalogs().unwrap() {
        assert!(is_name.is_match(catalog.action_group()) && !catalog.action_group().contains('_'));
        assert!(catalog.entries().len() <= 11, "{} has more tools than one group takes", catalog.action_group());
    }
}

#[test]
fn only_tools_that_change_something_want_the_applications_confirmation() {
    let confirmed: Vec<String> = each(".functions.json", "/functions")
        .into_iter()
        .filter(|function| function["requireConfirmation"] == "ENABLED")
        .map(|function| function["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(confirmed, ["reset_password", "add_to_group", "remove_from_group", "unlock_user"]);
}

/// The user guide's page on API schemas, and the pattern that models have for `METHOD__GROUP__operation`.
#[test]
fn an_openapi_document_has_what_bedrock_wants_and_nothing_that_it_does_not_know() {
    let is_tool_name = regex::Regex::new("^[a-zA-Z0-9_-]{1,64}$").unwrap();
    for group in ["okta-groups", "okta-changes"] {
        let document = parsed(&format!("bedrock/{group}.openapi.json"));
        assert_eq!(document["openapi"], "3.0.0");
        assert!(!document.to_string().contains("\"enum\""));
        for (path, methods) in document["paths"].as_object().unwrap() {
            let (method, operation) = methods.as_object().unwrap().iter().next().unwrap();
            let id = operation["operationId"].as_str().unwrap();
            assert_eq!(path.strip_prefix('/'), Some(id));
            assert!(is_tool_name.is_match(&format!("{method}__{group}__{id}")) && !id.contains("__"), "{id}");
            assert!(!operation["description"].as_str().unwrap().is_empty(), "{id}");
            assert!(method == "post" || operation.get("requestBody").is_none(), "{id}");
            assert_eq!(operation["x-requireConfirmation"] == "ENABLED", method == "post", "{id}");
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert_eq!(response["content"]["application/json"]["schema"]["type"], "object", "{id} {status}");
                assert!(!response["description"].as_str().unwrap().is_empty(), "{id} {status}");
            }
            assert_eq!(operation["responses"].get("202").is_some(), group == "okta-changes", "{id}");
        }
    }
}

#[test]
fn a_gateways_schema_has_the_tickets_argument_and_no_keyword_that_the_gateway_does_not_know() {
    for target in ["okta-groups", "okta-changes"] {
        for tool in parsed(&format!("gateway/{target}.tools.json")).as_array().unwrap() {
            let schema = &tool["inputSchema"];
            let properties = schema["properties"].as_object().unwrap();
            assert_eq!(properties["mandate_ticket"]["type"], "string");
            assert!(!schema["required"].as_array().unwrap().iter().any(|name| name == "mandate_ticket"));
            let known = ["type", "description", "items"];
            for (name, property) in properties {
                assert!(property.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{name}");
            }
        }
    }
}

#[test]
fn only_whoami_needs_no_session_and_is_told_how_far_the_caller_reaches() {
    let table = parsed("gateway/tools.json");
    for tool in table["tools"].as_array().unwrap() {
        let (vault, identity) = (&tool["vault"], tool.get("identity"));
        let expected = if tool["name"] == "okta-groups___whoami" { (false, true) } else { (true, false) };
        assert_eq!((vault == true, identity == Some(&Value::Bool(true))), expected, "{tool}");
    }
}

#[test]
fn without_tools_nothing_is_written() {
    assert!(of(&[Catalog::of("okta-groups")]).is_err());
}
