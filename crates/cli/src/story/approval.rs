//! What a call had to do with an approval.

use serde_json::Value;

use super::outcome::{self, Outcome};

/// The approval that a call asked for or was about.
pub(super) struct Named {
    /// Its name.
    pub(super) reference: String,
    /// What the phone shows, if the call told it.
    code: Option<String>,
}

/// By the call's log line, or else by what it told.
pub(super) fn named(call: &Outcome, told: Option<&str>) -> Option<Named> {
    let body: Value = told.and_then(|told| serde_json::from_str(told).ok()).unwrap_or_default();
    let first = |pointers: [&str; 2]| pointers.iter().find_map(|pointer| body.pointer(pointer)?.as_str());
    let reference = call.at("/approval").or_else(|| first(["/approval/reference", "/approval"]))?;
    Some(Named { reference: reference.to_owned(), code: first(["/approval/code", "/code"]).map(str::to_owned) })
}

impl Named {
    /// Who looked after it, and how it ended if it has.
    pub(super) fn story(&self, worker_log: &[String], ending: Option<&str>) -> String {
        let code = self.code.as_ref().map(|code| format!(", which the phone shows with the code {code}"));
        let ended = match ending {
            Some(ending) => format!("It has ended: {ending}."),
            None => "It has not ended yet.".to_owned(),
        };
        let (reference, code) = (&self.reference, code.unwrap_or_default());
        format!(
            "It is about the approval {reference}{code}. {} {ended}",
            looked(&outcome::about(worker_log, reference))
        )
    }
}

fn looked(outcomes: &[Outcome]) -> String {
    let Some(last) = outcomes.last() else { return "No worker has looked at it yet.".to_owned() };
    let times = match outcomes.len() {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let cause = last.at("/cause").filter(|cause| !cause.is_empty()).map(|cause| format!(", because of: {cause}"));
    let (worker, code) = (last.text("function"), last.text("code"));
    format!("{worker} has looked at it {times}, the last time with `{code}`{}.", cause.unwrap_or_default())
}
