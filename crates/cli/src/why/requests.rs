//! What a log says of a request that decided nothing, as those of the web application: its outcome, and the sessions that it ended.

use serde_json::Value;

/// A sentence for each line about this reference, in the log's order.
pub(super) fn tell(text: &str, reference: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.contains(reference)).filter_map(|line| {
        let start = line.find('{')?;
        serde_json::from_str::<Value>(line.get(start..)?.trim()).ok()
    });
    lines
        .filter(|line| line.get("reference").and_then(Value::as_str) == Some(reference))
        .filter_map(|line| one(&line))
        .collect()
}

fn one(line: &Value) -> Option<String> {
    let text = |name: &str| line.get(name).and_then(Value::as_str);
    let (reference, function) = (text("reference")?, text("function")?);
    match text("event")? {
        "outcome" => {
            let cause = text("cause").map(|cause| format!(", because of: {cause}")).unwrap_or_default();
            Some(format!(
                "{reference}: {function} answered a request of `{}` with {}{cause}.",
                text("tool")?,
                text("code")?
            ))
        }
        "session_ended" => Some(format!(
            "{reference}: {function} ended the session {}. Its row: {}; its refresh token: {}; approvals ended with it: {}.",
            text("session")?,
            text("row")?,
            text("refresh_token")?,
            text("approvals_ended")?
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::tell;

    #[test]
    fn a_request_is_told_with_the_session_that_it_ended() {
        let ended = json!({"event": "session_ended", "function": "web", "reference": "ABCDEFGHJKMN", "session": "hash",
            "row": "deleted", "refresh_token": "revoked", "approvals_ended": "0"});
        let outcome = json!({"event": "outcome", "function": "web", "tool": "web_sign_out", "code": "ok", "cause": null,
            "reference": "ABCDEFGHJKMN"});
        let other = json!({"event": "outcome", "function": "web", "tool": "web_chat", "code": "ok",
            "reference": "OTHEROTHEROT", "cause": "ABCDEFGHJKMN"});
        let told = tell(&format!("{ended}\nx {outcome}\n{other}\nABCDEFGHJKMN"), "ABCDEFGHJKMN");
        assert_eq!(told.len(), 2);
        assert!(told[0].contains("deleted") && told[0].contains("revoked"), "{}", told[0]);
        assert_eq!(told[1], "ABCDEFGHJKMN: web answered a request of `web_sign_out` with ok.");
    }
}
