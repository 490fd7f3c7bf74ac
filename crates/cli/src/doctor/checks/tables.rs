//! The tables, as the template of a deployment makes them.

use serde_json::Value;

use super::super::evidence::{Evidence, Table};
use super::super::finding::{Finding, Judged, text};

/// What DynamoDB cleans up by.
const TTL: &str = "ttl";

pub(super) fn sessions(evidence: &Evidence) -> Judged {
    table(&evidence.account.sessions, "SESSION_TABLE_NAME", &[("session_id", "HASH")])
}

pub(super) fn approvals(evidence: &Evidence) -> Judged {
    table(&evidence.account.approvals, "APPROVAL_TABLE_NAME", &[("person", "HASH"), ("sort", "RANGE")])
}

pub(super) fn sessions_ttl(evidence: &Evidence) -> Judged {
    ttl(&evidence.account.sessions)
}

pub(super) fn approvals_ttl(evidence: &Evidence) -> Judged {
    ttl(&evidence.account.approvals)
}

pub(super) fn sessions_encryption(evidence: &Evidence) -> Judged {
    encryption(&evidence.account.sessions)
}

pub(super) fn approvals_encryption(evidence: &Evidence) -> Judged {
    encryption(&evidence.account.approvals)
}

pub(super) fn sessions_recovery(evidence: &Evidence) -> Judged {
    recovery(evidence, &evidence.account.sessions)
}

pub(super) fn approvals_recovery(evidence: &Evidence) -> Judged {
    recovery(evidence, &evidence.account.approvals)
}

pub(super) fn sessions_protection(evidence: &Evidence) -> Judged {
    protection(evidence, &evidence.account.sessions)
}

pub(super) fn approvals_protection(evidence: &Evidence) -> Judged {
    protection(evidence, &evidence.account.approvals)
}

fn table(table: &Table, setting: &str, keys: &[(&str, &str)]) -> Judged {
    let name = &table.name;
    let told = table.table.or_wrong(format!("there is no table `{name}`"), format!("make it, or set {setting}"))?;
    if text(told, "/Table/TableStatus") != "ACTIVE" {
        return Err(Finding::wrong(
            format!("the table `{name}` is not active"),
            "wait until it is, or look at it in the console",
        ));
    }
    let schema = told.pointer("/Table/KeySchema").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let given: Vec<(&str, &str)> =
        schema.iter().map(|key| (text(key, "/AttributeName"), text(key, "/KeyType"))).collect();
    if given != keys {
        let shown: Vec<&str> = keys.iter().map(|(key, _)| *key).collect();
        let mend = format!("make it anew with the keys {}, both texts", shown.join(" and "));
        return Err(Finding::wrong(format!("the table `{name}` has other keys"), mend));
    }
    Ok(format!("`{name}` is there"))
}

/// The wrong attribute would clean up nothing, or what is still needed.
fn ttl(table: &Table) -> Judged {
    let told = table.ttl.there()?;
    let mend = format!("switch TTL on for the attribute `{TTL}`");
    match (text(told, "/TimeToLiveDescription/TimeToLiveStatus"), text(told, "/TimeToLiveDescription/AttributeName")) {
        ("ENABLED" | "ENABLING", TTL) => Ok(format!("rows go by `{TTL}`")),
        ("ENABLED" | "ENABLING", _) => Err(Finding::wrong("rows go by another attribute", mend)),
        _ => Err(Finding::wrong("old rows stay for ever", mend)),
    }
}

/// Rows are sealed before they are written, so DynamoDB's own key below them is enough; a key of one's own must be usable.
fn encryption(table: &Table) -> Judged {
    let told = table.table.there()?;
    let Some(own) = told.pointer("/Table/SSEDescription").filter(|own| !own.is_null()) else {
        return Ok("by a key of DynamoDB's, below the seals of the rows".to_owned());
    };
    let lost = own.get("InaccessibleEncryptionDateTime").is_some_and(|since| !since.is_null());
    if lost || !matches!(text(own, "/Status"), "ENABLED" | "UPDATING") {
        return Err(Finding::wrong(
            "the table's key cannot be used",
            "let DynamoDB use its KMS key again, or give the table DynamoDB's own",
        ));
    }
    Ok("by a key of yours, below the seals of the rows".to_owned())
}

const ONLY_PRODUCTION: Finding = Finding::Unused("demanded of PROFILE=production only");

fn recovery(evidence: &Evidence, table: &Table) -> Judged {
    if !evidence.given.is_production() {
        return Err(ONLY_PRODUCTION);
    }
    let told = table.backups.there()?;
    let status = "/ContinuousBackupsDescription/PointInTimeRecoveryDescription/PointInTimeRecoveryStatus";
    if text(told, status) == "ENABLED" {
        return Ok("to a point in time".to_owned());
    }
    Err(Finding::wrong("what is lost cannot be recovered", "switch point-in-time recovery on (PointInTimeRecovery=on)"))
}

fn protection(evidence: &Evidence, table: &Table) -> Judged {
    if !evidence.given.is_production() {
        return Err(ONLY_PRODUCTION);
    }
    let told = table.table.there()?;
    if told.pointer("/Table/DeletionProtectionEnabled").and_then(Value::as_bool) == Some(true) {
        return Ok("it cannot be deleted by a slip".to_owned());
    }
    Err(Finding::wrong("the table can be deleted by a slip", "switch deletion protection on (DeletionProtection=on)"))
}
