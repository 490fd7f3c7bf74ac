//! A run of approvals through the functions' processes, with every end that there is, and with upstreams that put a secret
//! into their answers.

use acceptance::{Chatting, World, body_of};
use devstack::auth0::Lifetimes;
use devstack::fault::{Effect, Fault};
use devstack::okta::Status;
use devstack::stack::{APPROVAL_QUEUE, APPROVAL_TABLE};
use serde_json::{Value, json};

use super::outputs::Outputs;
use super::{MARKER, bearing};

const BOB: (&str, &str) = ("user", "bob@example.com");
const VPN: (&str, &str) = ("group", "VPN users");

/// One person's agent.
struct Chat<'a> {
    world: &'a World,
    who: &'a Chatting,
}

impl Chat<'_> {
    /// A call; the answer is an output, its body is given.
    async fn call(&self, outputs: &mut Outputs, tool: &str, args: &[(&str, &str)]) -> Value {
        let event = self.world.call(self.who).of_change(tool);
        let event = args.iter().fold(event, |event, (name, value)| event.with(name, value));
        let answer = self.world.invoke("ciba-initiator", &event.0).await;
        outputs.answer(&answer);
        body_of(&answer)
    }

    /// A call that ends in a push; the reference of the approval.
    async fn ask(&self, outputs: &mut Outputs, tool: &str, args: &[(&str, &str)]) -> String {
        let body = self.call(outputs, tool, args).await;
        assert_eq!(body["error"], "approval_pending", "{body}");
        body["approval"]["reference"].as_str().unwrap().to_owned()
    }

    /// How an approval stands: its status, or why it was not done.
    async fn told(&self, outputs: &mut Outputs, reference: &str) -> String {
        let body = self.call(outputs, "check_approval", &[("approval", reference)]).await;
        body["status"].as_str().or_else(|| body["error"].as_str()).unwrap().to_owned()
    }

    /// Answers all that waits on the phone.
    fn press(&self, yes: bool) {
        let auth0 = &self.world.laptop.stack.auth0;
        for pending in auth0.pending(&self.who.person.sub()) {
            let pressed = if yes { auth0.approve(&pending.auth_req_id) } else { auth0.deny(&pending.auth_req_id) };
            pressed.unwrap();
        }
    }
}

/// How fast the provider may be asked, and how long a request lives, in seconds.
fn lives(world: &World, ciba_expiry: Option<u64>) {
    world.laptop.stack.auth0.set_lifetimes(Lifetimes { ciba_interval: 1, ciba_expiry, ..Lifetimes::default() });
}

/// The whole run. `people` have asked for approvals before, which they decline now.
pub(super) async fn run(world: &mut World, people: &[Chatting], outputs: &mut Outputs) {
    for who in people {
        Chat { world, who }.press(false);
    }
    let dave = world.chatting("dave").await;
    let carol = people.iter().find(|who| who.person.name == "carol").unwrap();
    world.laptop.stack.auth0.set_enrolled(&dave.person.sub(), true);
    world.laptop.stack.auth0.set_notification_limit(usize::MAX);
    world.laptop.attach_worker().unwrap();
    let (dave, carol) = (Chat { world, who: &dave }, Chat { world, who: carol });
    ends(&dave, &carol, outputs).await;
    let items = world.laptop.stack.dynamodb.items(APPROVAL_TABLE).await.unwrap();
    let is_record = |item: &Value| item["person"]["S"].as_str().is_some_and(|key| key.starts_with("audit#"));
    assert!(items.iter().any(is_record), "what people see of their calls is searched too");
    collect(world, outputs).await;
    polls(&dave, &carol, outputs).await;
    collect(world, outputs).await;
    starts(&dave, outputs).await;
    collect(world, outputs).await;
}

/// Every end.
async fn ends(dave: &Chat<'_>, carol: &Chat<'_>, outputs: &mut Outputs) {
    let (world, stack) = (dave.world, &dave.world.laptop.stack);
    stack.okta.set_status("bob@example.com", Status::LockedOut);
    lives(world, None);
    let denied = dave.ask(outputs, "add_to_group", &[BOB, VPN]).await;
    dave.press(false);
    let effect = Effect::AnswerAfter { status: 500, body: bearing(MARKER).to_string() };
    stack.okta.double.fault(Fault { on: "DELETE /api/v1/groups/".to_owned(), times: None, skip: 0, effect });
    let unknown = dave.ask(outputs, "remove_from_group", &[BOB, VPN]).await;
    dave.press(true);
    let pending = dave.ask(outputs, "reset_password", &[]).await;
    let done = carol.ask(outputs, "unlock_user", &[BOB]).await;
    let failed = carol.ask(outputs, "add_to_group", &[BOB, VPN]).await;
    carol.press(true);
    lives(world, Some(2));
    let expired = carol.ask(outputs, "remove_from_group", &[BOB, VPN]).await;
    lives(world, None);
    stack.sqs.advance(5);
    stack.sqs.until(APPROVAL_QUEUE, |counts| counts.total() == 1).await;
    assert_eq!(dave.told(outputs, &pending).await, "approval_pending");
    assert_eq!(dave.call(outputs, "list_approvals", &[]).await["count"], 1);
    for (chat, reference, end) in [
        (carol, &expired, "approval_expired"),
        (dave, &denied, "approval_denied"),
        (dave, &unknown, "unknown"),
        (carol, &done, "done"),
        (carol, &failed, "failed"),
    ] {
        assert_eq!(chat.told(outputs, reference).await, end);
    }
    dave.press(false);
    stack.sqs.until(APPROVAL_QUEUE, |counts| counts.total() == 0).await;
    assert_eq!(dave.told(outputs, &pending).await, "approval_denied");
    world.mend();
}

/// Each poll meets another answer that bears a secret.
async fn polls(dave: &Chat<'_>, carol: &Chat<'_>, outputs: &mut Outputs) {
    let stack = &dave.world.laptop.stack;
    for status in [200, 400, 401, 403, 404] {
        let effect = Effect::Answer { status, headers: [].into(), body: bearing(MARKER).to_string() };
        stack.auth0.double.fault(Fault { on: "POST /oauth/token".to_owned(), times: Some(1), skip: 0, effect });
    }
    for (chat, tool) in [
        (dave, "add_to_group"),
        (dave, "remove_from_group"),
        (carol, "add_to_group"),
        (carol, "remove_from_group"),
        (dave, "reset_password"),
    ] {
        let args = if tool == "reset_password" { vec![] } else { vec![BOB, VPN] };
        chat.ask(outputs, tool, &args).await;
    }
    stack.sqs.advance(5);
    stack.sqs.until(APPROVAL_QUEUE, |counts| counts.total() == 0).await;
    assert_eq!(dave.call(outputs, "list_approvals", &[]).await["count"], 0);
}

/// Calls of the tool that meet such an answer.
async fn starts(dave: &Chat<'_>, outputs: &mut Outputs) {
    let stack = &dave.world.laptop.stack;
    for status in [200, 400, 401, 403, 404, 429, 500] {
        for (on, at_auth0) in
            [("POST /bc-authorize", true), ("POST /SendMessage", false), ("POST /TransactWriteItems", false)]
        {
            let effect = Effect::Answer { status, headers: [].into(), body: bearing(MARKER).to_string() };
            let fault = Fault { on: on.to_owned(), times: None, skip: 0, effect };
            if at_auth0 {
                stack.auth0.double.fault(fault);
            } else {
                stack.dynamodb.fault(fault.clone());
                stack.sqs.fault(fault);
            }
            dave.call(outputs, "add_to_group", &[BOB, VPN]).await;
            dave.world.mend();
            collect(dave.world, outputs).await;
        }
    }
}

/// Rows and messages as they are; the rows are removed, so that the same may be asked for again.
async fn collect(world: &World, outputs: &mut Outputs) {
    let stack = &world.laptop.stack;
    let items = stack.dynamodb.items(APPROVAL_TABLE).await.unwrap();
    for item in items {
        outputs.row(&item);
        let key = json!({"person": item["person"], "sort": item["sort"]});
        stack.dynamodb.raw("DeleteItem", json!({"TableName": APPROVAL_TABLE, "Key": key})).await.unwrap();
    }
    for sent in stack.sqs.sent(APPROVAL_QUEUE) {
        outputs.add("a message", sent.body);
    }
}
