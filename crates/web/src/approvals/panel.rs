//! The panel's words.

use auth::approval::Ending;
use auth::id::SessionHash;
use auth::secret::Secret;
use auth::time::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value};
use upstream_aws::{EndedApproval, OpenApproval, OpenState, Panel};

use crate::words;

/// The whole length of a bar: a request lives so long unless it is set otherwise, and at most the second.
const LENGTHS: [u64; 2] = [120, 300];

/// What is stored of a request's arguments.
#[derive(Deserialize)]
struct Order {
    args: Map<String, Value>,
    described: String,
}

pub(super) fn html(panel: &Panel, session: &SessionHash, now: Timestamp) -> Markup {
    html! {
        @if panel.open.is_empty() && panel.ended.is_empty() {
            p.faint { "Nothing waits for you. What changes something is asked for here and on your phone." }
        } @else {
            ul.requests {
                @for (approval, order) in &panel.open { (open(approval, order, session, now)) }
                @for approval in &panel.ended { (ended(approval)) }
            }
        }
    }
}

fn open(approval: &OpenApproval, order: &Secret, session: &SessionHash, now: Timestamp) -> Markup {
    let order = read(order);
    let over = approval.expires_at <= now;
    html! {
        li.card data-state=(approval.state.name()) {
            h3 { (words::tool(&approval.tool)) }
            @if let Some(Order { args, described }) = &order {
                p.row { span.small { "Code" } span.code { (approval.code) } }
                p.text { (described) }
                @if !args.is_empty() {
                    dl { @for (name, value) in args { dt { (name) } dd { (plain(value)) } } }
                }
            }
            p.standing { (standing(approval.state, over, order.is_some())) }
            @if order.is_some() && !over && matches!(approval.state, OpenState::Requested | OpenState::Pending) {
                // The script counts down. Nothing here changes from second to second, so that an unchanged panel stays as it is.
                progress max=(length(approval.expires_at.since(now))) value=(length(approval.expires_at.since(now)))
                    data-until=(approval.expires_at.seconds()) aria-label="Time left to answer" {}
                p.small.left { "Answer before " (words::time(approval.expires_at)) }
            }
            @if approval.session != *session { p.small { "Asked in another session of yours." } }
            p.small { "Reference " code { (approval.reference.as_str()) } }
        }
    }
}

fn read(order: &Secret) -> Option<Order> {
    serde_json::from_str(order.expose()).ok()
}

fn length(left: u64) -> u64 {
    LENGTHS.into_iter().find(|length| left <= *length).unwrap_or(left)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Nobody is led to a yes for what they cannot see.
const fn standing(state: OpenState, over: bool, readable: bool) -> &'static str {
    match (state, over) {
        (OpenState::Requested | OpenState::Pending, false) if !readable => {
            "The arguments cannot be shown: decline the request on your phone."
        }
        (OpenState::Requested | OpenState::Pending, true) => "The time is over. How it ended is not written down yet.",
        (OpenState::Requested, false) => "On its way to your phone.",
        (OpenState::Pending, false) => "Waiting for your answer on your phone. Compare the code.",
        (OpenState::Approved, _) => "You approved it. It is about to be done.",
        (OpenState::Acting, _) => "You approved it. It is being done.",
    }
}

fn ended(approval: &EndedApproval) -> Markup {
    let (kind, words) = ending(&approval.ending);
    let class = if kind == "done" { "allowed" } else { "refused" };
    html! {
        li.card data-ending=(kind) {
            h3 { (words::tool(&approval.tool)) }
            p.small { "Code " (approval.code) " · " time datetime=(words::stamp(approval.at)) { (words::time(approval.at)) } }
            p class={ "standing " (class) } { (words) }
            p.small { "Reference " code { (approval.reference.as_str()) } }
        }
    }
}

/// Each reads differently, and what is not known is called so.
fn ending(ending: &Ending) -> (&'static str, String) {
    match ending {
        Ending::Done { words } => ("done", format!("Done. {words}")),
        Ending::Denied => ("denied", "Declined: you said no, so nothing was done.".to_owned()),
        Ending::Expired => ("expired", "Expired: no answer came in time, so nothing was done.".to_owned()),
        Ending::Failed { words, .. } => ("failed", format!("Not carried out. {words}")),
        Ending::Unknown => {
            let words = "Unknown: you approved it, but it is not known whether it was done. It is not tried again. Look \
                         whether it happened before you ask again.";
            ("unknown", words.to_owned())
        }
    }
}

/// The same for who listens: without a code where the arguments cannot be shown, as on the page.
pub(super) fn said(panel: &Panel, now: Timestamp) -> String {
    let open = panel.open.iter().map(|(approval, order)| {
        let readable = read(order).is_some();
        let code = if readable { format!(", code {}", approval.code) } else { String::new() };
        let standing = standing(approval.state, approval.expires_at <= now, readable);
        format!("{}{code}: {standing}", words::tool(&approval.tool))
    });
    let newest = panel.ended.first().map(|approval| {
        format!("{}, code {}: {}", words::tool(&approval.tool), approval.code, ending(&approval.ending).1)
    });
    open.chain(newest).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use auth::approval::Ending;
    use auth::refusal::Code;

    use upstream_aws::OpenState;

    use super::{ending, standing};

    #[test]
    fn what_cannot_be_shown_is_to_be_declined() {
        for state in [OpenState::Requested, OpenState::Pending] {
            assert!(standing(state, false, false).contains("cannot be shown: decline"));
            assert!(!standing(state, false, true).contains("decline"));
        }
    }

    #[test]
    fn no_two_endings_read_alike_and_what_is_not_known_is_called_unknown() {
        let endings = [Ending::Denied, Ending::Expired, Ending::failed(Code::Unavailable), Ending::Unknown];
        let told: Vec<(&str, String)> = endings.iter().map(ending).collect();
        assert_eq!(told.iter().map(|(kind, _)| kind).collect::<HashSet<_>>().len(), 4);
        assert_eq!(told.iter().map(|(_, words)| words).collect::<HashSet<_>>().len(), 4);
        assert!(told[3].1.starts_with("Unknown: ") && !told[3].1.contains("nothing was done"));
        assert!(told[1].1.starts_with("Expired: ") && told[0].1.starts_with("Declined: "));
    }
}
