//! That each decision has exactly one audit record, and that a person's own copy is equal to it.

use devstack::stack::APPROVAL_TABLE;
use serde_json::Value;

use crate::{World, body_of};

/// Of a function that decides, each call has one audit line, whose code is that of the answer; of the worker, each line has at
/// most one. The copies in the table are among the lines, to the byte.
pub(super) async fn compare(folder: &str, answer: &Value, lines: &[String], world: &World) -> Result<(), String> {
    let records: Vec<Value> = lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let named = |event: &str| records.iter().filter(|record| record["event"] == event).cloned().collect::<Vec<_>>();
    let (outcomes, audits) = (named("outcome"), named("audit"));
    let complain = |what: String| Err(format!("  audit: {what}\n    {}", lines.join("\n    ")));
    match folder {
        "fga-authorizer" if audits.is_empty() => {}
        "approval-worker" if audits.len() <= outcomes.len() => {}
        "okta-groups" | "ciba-initiator" if (audits.len(), outcomes.len()) == (1, 1) => {
            let body = body_of(answer);
            let code = at(&body, "/error").as_str().unwrap_or("ok");
            if audits.iter().any(|audit| at(audit, "/record/status_code") != code) {
                return complain(format!("not of the code `{code}`"));
            }
        }
        _ => return complain(format!("{} records of {} outcomes", audits.len(), outcomes.len())),
    }
    for audit in &audits {
        let record = &audit["record"];
        let same = |outcome: &&Value| {
            outcome.get("reference") == record.pointer("/metadata/uid")
                && outcome.get("code") == record.get("status_code")
        };
        if outcomes.iter().filter(same).count() != 1 {
            return complain("no outcome is the record's".to_owned());
        }
    }
    let items = world.laptop.stack.dynamodb.items(APPROVAL_TABLE).await.map_err(|error| error.to_string())?;
    for item in items.iter().filter(|item| at(item, "/person/S").as_str().is_some_and(|key| key.starts_with("audit#")))
    {
        let copy = at(item, "/record/S").as_str().unwrap_or_default();
        if copy.is_empty() || !lines.iter().any(|line| line.contains(copy)) {
            return complain(format!("a copy is of no line: {copy}"));
        }
    }
    Ok(())
}

/// What stands there, or null.
fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}
