//! The panel's words.

use auth::approval::Ending;
use auth::id::SessionHash;
use auth::secret::Secret;
use auth::time::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value};
use upstream_aws::{EndedApproval, OpenRequest, OpenState, Panel, Unread};

use crate::words;

/// A request lives at most so many seconds.
const LONGEST: u64 = 300;

const UNREAD_OPEN: &str = "A request that cannot be read: decline what your phone shows.";
const UNREAD_ENDED: &str = "How a request ended cannot be read. Look whether it happened before you ask again.";

/// What is stored of a request's arguments.
#[derive(Deserialize)]
struct Order {
    args: Map<String, Value>,
    described: String,
}

pub(super) fn html(panel: &Panel, session: &SessionHash, now: Timestamp) -> Markup {
    html! {
        @if panel.open.is_empty() && panel.ended.is_empty() && panel.unread == Unread::default() {
            p.faint { "Nothing waits for you. What changes something is asked for here and on your phone." }
        } @else {
            ul.requests {
                @for _ in 0..panel.unread.open { li.card { p.note.problem { (UNREAD_OPEN) } } }
                @for request in &panel.open { (open(request, session, now)) }
                @for _ in 0..panel.unread.ended { li.card { p.note { (UNREAD_ENDED) } } }
                @for approval in &panel.ended { (ended(approval)) }
            }
        }
    }
}

fn open(request: &OpenRequest, session: &SessionHash, now: Timestamp) -> Markup {
    let (approval, order) = (&request.approval, read(&request.arguments));
    let asks = matches!(approval.state, OpenState::Requested | OpenState::Pending);
    let over = approval.expires_at <= now;
    html! {
        // What is over waits for no answer any more.
        li.card data-state=(if asks && over { "over" } else { approval.state.name() }) {
            h3 { (words::tool(&approval.tool)) }
            @if let Some(Order { args, described }) = &order {
                p.row { span.small { "Code" } span.code { (approval.code) } }
                p.text { (described) }
                @if !args.is_empty() {
                    dl { @for (name, value) in args { dt { (name) } dd { (plain(value)) } } }
                }
            }
            p.standing { (standing(approval.state, over, order.is_some())) }
            @if order.is_some() && !over && asks {
                // The script counts down. Nothing here changes from second to second, so that an unchanged panel stays as it is.
                progress max=(length(request)) value=(length(request))
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

/// The whole length of a bar, in seconds: what the request had when it was asked for.
fn length(request: &OpenRequest) -> u64 {
    let whole = request.begun_at.map_or(LONGEST, |begun_at| request.approval.expires_at.since(begun_at));
    whole.clamp(1, LONGEST)
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

/// The same for who listens, a sentence or two for each: without a code where the arguments cannot be shown, as on the page.
pub(super) fn said(panel: &Panel, now: Timestamp) -> Vec<String> {
    let unread = (0..panel.unread.open).map(|_| UNREAD_OPEN.to_owned());
    let open = panel.open.iter().map(|OpenRequest { approval, arguments, .. }| {
        let readable = read(arguments).is_some();
        let code = if readable { format!(", code {}", approval.code) } else { String::new() };
        let standing = standing(approval.state, approval.expires_at <= now, readable);
        format!("{}{code}: {standing}", words::tool(&approval.tool))
    });
    let newest = panel.ended.first().map(|approval| {
        format!("{}, code {}: {}", words::tool(&approval.tool), approval.code, ending(&approval.ending).1)
    });
    unread.chain(open).chain(newest).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use auth::approval::{ApprovalReference, Ending};
    use auth::canonical::ArgumentsHash;
    use auth::id::{SessionHash, SessionReference};
    use auth::refusal::Code;
    use auth::secret::Secret;
    use auth::time::Timestamp;
    use upstream_aws::{OpenApproval, OpenRequest, OpenState, Panel, Unread};

    use super::{ending, html, said, standing};

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn session() -> SessionHash {
        SessionReference::parse(&"s".repeat(43)).unwrap().hash()
    }

    fn request(state: OpenState, lives: u64) -> OpenRequest {
        let approval = OpenApproval {
            reference: ApprovalReference::of(&[1; 16]),
            tool: "unlock_user".to_owned(),
            code: "CODE".to_owned(),
            session: session(),
            arguments: ArgumentsHash::of(&serde_json::json!({})).unwrap(),
            state,
            expires_at: NOW.plus(lives),
        };
        let arguments = Secret::new(r#"{"args":{},"described":"Unlock carol"}"#.to_owned());
        OpenRequest { approval, arguments, begun_at: Some(NOW) }
    }

    fn shown(panel: &Panel, seconds: u64) -> String {
        html(panel, &session(), NOW.plus(seconds)).into_string()
    }

    #[test]
    fn the_whole_bar_is_the_time_that_the_request_had_from_its_beginning_to_its_end() {
        for (begun_at, lives, length) in [(Some(NOW), 300, 300), (Some(NOW), 100, 100), (None, 100, 300)] {
            let request = OpenRequest { begun_at, ..request(OpenState::Pending, lives) };
            let panel = Panel { open: vec![request], ended: Vec::new(), unread: Unread::default() };
            let whole = shown(&panel, 0);
            assert!(whole.contains(&format!("max=\"{length}\" value=\"{length}\"")), "{whole}");
            assert_eq!(shown(&panel, lives - 1), whole, "nothing changes from second to second");
        }
    }

    #[test]
    fn what_is_over_waits_for_no_answer() {
        for (state, after) in
            [(OpenState::Requested, "over"), (OpenState::Pending, "over"), (OpenState::Acting, "acting")]
        {
            let panel = Panel { open: vec![request(state, 100)], ended: Vec::new(), unread: Unread::default() };
            assert!(shown(&panel, 99).contains(&format!("data-state=\"{}\"", state.name())));
            let over = shown(&panel, 100);
            assert!(over.contains(&format!("data-state=\"{after}\"")) && !over.contains("progress"), "{over}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_beside_the_rest() {
        let unread = Unread { open: 1, ended: 1 };
        for open in [Vec::new(), vec![request(OpenState::Pending, 100)]] {
            let rest = open.len();
            let panel = Panel { open, ended: Vec::new(), unread };
            let (shown, said) = (shown(&panel, 0), said(&panel, NOW));
            assert!(shown.contains("cannot be read: decline") && shown.contains("ended cannot be read"), "{shown}");
            assert_eq!((shown.matches("CODE").count(), said.len()), (rest, 1 + rest));
            assert!(said[0].contains("decline") && !shown.contains("Nothing waits"));
        }
    }

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
