//! A fault while somebody asks how it went: the truth all the same, or why it cannot be said, and never anything else.

use acceptance::{Approvals, Asked, Chatting};
use devstack::fault::Fault;
use serde_json::Value;

use super::MARKER;
use super::effects::{QUICK, effect};

const BOB: [(&str, &str); 1] = [("user", "bob@example.com")];
const NEVER_WAS: &str = "AAAAAAAAAAAAAAAA";

/// What is asked for, and the request to the table that meets the fault.
struct Question<'a> {
    name: &'static str,
    approval: &'a str,
    on: &'static str,
    skip: u32,
    /// The answer without a fault.
    truth: &'static str,
}

/// What is told when a read meets this once, and as often as it is made. A read is made twice at most.
fn right(effect: &str, lasts: bool) -> Option<&'static str> {
    match effect {
        "429" => Some("busy"),
        "400" | "401" | "403" => Some("internal"),
        _ if lasts => Some("unavailable"),
        _ => None,
    }
}

/// The answer's `status` or `error`.
fn said(answer: &Value) -> &str {
    answer["status"].as_str().or_else(|| answer["error"].as_str()).unwrap()
}

async fn done(approvals: &Approvals, carol: &Chatting) -> Asked {
    let asked = approvals.ask(carol, "reset_password", &[]).await;
    approvals.approve(&asked);
    approvals.settle(&asked).await;
    asked
}

#[tokio::test]
async fn a_fault_while_it_is_told_never_makes_anything_else_of_it() {
    let approvals = Approvals::start().await;
    let carol = approvals.chatting("carol").await;
    let (over, open) = (done(&approvals, &carol).await, approvals.ask(&carol, "unlock_user", &BOB).await);
    let of = |name, approval, on, skip, truth| Question { name, approval, on, skip, truth };
    let questions = [
        of("session", over.reference.as_str(), "POST /GetItem", 0, "done"),
        of("outcome", over.reference.as_str(), "POST /GetItem", 1, "done"),
        of("open ones", open.reference.as_str(), "POST /Query", 0, "approval_pending"),
        of("outcome once more", NEVER_WAS, "POST /GetItem", 2, "invalid_input"),
    ];
    let (mut cells, mut wrong) = (0, Vec::new());
    for Question { name, approval, on, skip, truth } in questions {
        for (quick, times) in QUICK.iter().flat_map(|quick| [(*quick, Some(1)), (*quick, None)]) {
            let fault = Fault { on: on.to_owned(), times, skip, effect: effect(quick, 0) };
            approvals.world.laptop.stack.dynamodb.fault(fault);
            let answer = approvals.call(&carol, "check_approval", &[("approval", approval)]).await;
            approvals.world.mend();
            cells += 1;
            let right = right(quick, times.is_none()).unwrap_or(truth);
            if said(&answer) != right || answer.to_string().contains(MARKER) {
                wrong.push(format!("{name} / {quick}, times {times:?}: {answer} instead of `{right}`"));
            }
        }
    }
    println!("faults of approvals: {cells} cells, telling");
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(approvals.pushes(), 2, "whoever asks how it went asks nobody else");
}
