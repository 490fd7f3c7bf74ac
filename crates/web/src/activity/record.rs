//! One audit record, as far as its person is shown it.

use auth::refusal::Code;
use auth::time::Timestamp;
use serde_json::Value;

pub(super) struct Record {
    pub(super) at: Timestamp,
    pub(super) tool: String,
    pub(super) reference: String,
    pub(super) approval: Option<String>,
    /// The services that were asked, by names for people.
    pub(super) reached: Vec<&'static str>,
    /// Nothing for `ok`; what is not a code of ours is told as one that is not known.
    code: Option<Option<Code>>,
    /// What became of a change, where the code does not say it.
    deed: Option<String>,
}

impl Record {
    /// From the JSON; what is missing stays empty, so that one odd record does not hide the others.
    pub(super) fn read(text: &str) -> Self {
        let record: Value = serde_json::from_str(text).unwrap_or_default();
        let of = |pointer: &str| record.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let milliseconds = record.get("time").and_then(Value::as_u64).unwrap_or_default();
        let code = of("/status_code").unwrap_or_default();
        let reached = record.pointer("/unmapped/reached").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        Self {
            at: Timestamp::from_seconds(milliseconds / 1000),
            tool: of("/api/operation").unwrap_or_default(),
            reference: of("/api/request/uid").unwrap_or_default(),
            approval: of("/unmapped/approval"),
            reached: reached.iter().filter_map(|service| name(service.get("name")?.as_str()?)).collect(),
            deed: of("/unmapped/deed"),
            code: (code != "ok").then(|| Code::ALL.into_iter().find(|known| known.name() == code)),
        }
    }

    /// Its colour; the words say the same.
    pub(super) fn class(&self) -> &'static str {
        match (self.code, &self.deed) {
            (None, _) => "allowed",
            (Some(Some(Code::ApprovalPending)), _) | (Some(_), Some(_)) => "pending",
            (Some(_), None) => "refused",
        }
    }

    pub(super) fn words(&self) -> String {
        match self.deed.as_deref() {
            None => {}
            Some("done") => return "Done, though the panel of approvals calls it unknown.".to_owned(),
            Some(_) => return "Unknown: it is not known whether it was done. It is not tried again.".to_owned(),
        }
        match self.code {
            None => "Allowed and done.".to_owned(),
            Some(Some(Code::ApprovalPending)) => "Your approval was asked for, or had not come yet.".to_owned(),
            Some(Some(code @ (Code::Busy | Code::Unavailable | Code::Internal))) => {
                format!("Failed ({}). {}", code.name(), code.sentence())
            }
            Some(Some(code)) => format!("Refused ({}). {}", code.name(), code.sentence()),
            Some(None) => "How it ended cannot be read.".to_owned(),
        }
    }
}

fn name(service: &str) -> Option<&'static str> {
    match service {
        "auth0" => Some("Auth0"),
        "okta" => Some("Okta"),
        "openfga" => Some("OpenFGA"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Record;

    #[test]
    fn a_record_is_told_by_its_code_and_an_odd_one_is_not_called_allowed() {
        let text = r#"{"time":1790000000000,"status_code":"access_denied","api":{"operation":"list_groups","request":{"uid":"ABC"}},
                       "unmapped":{"reached":[{"name":"okta","status":200},{"name":"other"}]}}"#;
        let record = Record::read(text);
        assert_eq!(
            (record.class(), record.tool.as_str(), record.reference.as_str()),
            ("refused", "list_groups", "ABC")
        );
        assert!(record.words().starts_with("Refused (access_denied)"), "{}", record.words());
        assert_eq!(record.reached, ["Okta"]);
        assert!(Record::read(r#"{"status_code":"busy"}"#).words().starts_with("Failed (busy)"));
        for (deed, words) in [("unknown", "Unknown: "), ("done", "Done, "), ("odd", "Unknown: ")] {
            let record = Record::read(&format!(r#"{{"status_code":"unavailable","unmapped":{{"deed":"{deed}"}}}}"#));
            assert_eq!(record.class(), "pending");
            assert!(record.words().starts_with(words) && !record.words().contains("nothing was done"), "{deed}");
        }
        assert_eq!(Record::read(r#"{"status_code":"ok"}"#).class(), "allowed");
        for odd in ["", "{}", "[]", r#"{"status_code":"OK"}"#, r#"{"status_code":1}"#] {
            assert_eq!(Record::read(odd).class(), "refused", "{odd}");
        }
    }
}
