//! A queue that takes every message and answers wrongly for as long as a request lives: each look sends a message and comes again
//! itself, so messages multiply. The row decides all the same.

use std::collections::BTreeMap;
use std::time::Duration;

use acceptance::{Approvals, End};
use devstack::fault::{Effect, Fault};
use devstack::okta::Status;
use devstack::stack::APPROVAL_QUEUE;
use serde_json::Value;

/// When the person says yes, in seconds after the asking: two visibility time-outs are over by then.
const YES_AT: u64 = 111;
/// More deliveries than these are no growth by one chain for each time that a message came again.
const MOST: usize = 400;

#[tokio::test]
async fn messages_that_multiply_poll_one_at_a_time_act_once_and_are_gone_in_the_end() {
    let approvals = Approvals::start().await;
    let carol = approvals.chatting("carol").await;
    approvals.world.laptop.stack.okta.set_status("bob@example.com", Status::LockedOut);
    let asked = approvals.ask(&carol, "unlock_user", &[("user", "bob@example.com")]).await;
    let stack = &approvals.world.laptop.stack;
    let effect = Effect::Patch(BTreeMap::from([("/MessageId".to_owned(), Value::Null)]));
    stack.sqs.fault(Fault { on: "POST /SendMessage".to_owned(), times: None, skip: 0, effect });
    let polls = || stack.auth0.double.requests_to("POST /oauth/token");
    let (mut deliveries, mut before_the_yes) = (0, 0);
    while approvals.next_message() {
        if approvals.hands.by() >= YES_AT && before_the_yes == 0 {
            before_the_yes = polls();
            approvals.approve(&asked);
        }
        approvals.take(&approvals.worker, Duration::from_secs(20)).await;
        deliveries += 1;
        assert!(deliveries < MOST, "it does not end in {MOST} deliveries");
    }
    let sent = stack.sqs.sent(APPROVAL_QUEUE).len();
    println!("a queue that answers wrongly: {deliveries} deliveries of {sent} messages, {} polls", polls());
    assert!(sent > 40, "they multiply: {sent} messages");
    assert!(before_the_yes <= YES_AT / 5, "{before_the_yes} polls, no faster than one in five seconds");
    assert_eq!(approvals.end(&asked).await, Some(End::Done));
    assert_eq!((approvals.acts().len(), approvals.pushes()), (1, 1), "one act, one push");
    let left = (stack.sqs.messages(APPROVAL_QUEUE).len(), stack.sqs.dead_letters(APPROVAL_QUEUE).len());
    assert_eq!(left, (0, 0), "nothing is left, also among the dead letters");
}
