//! The two functions of approvals in this process, each step driven by the test: the queue calls nobody.

pub(crate) mod built;
mod calls;
mod queue;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use approval_worker::ApprovalWorker;
use auth::approval::{Approval, ApprovalReference, Ending, PersonKey};
use auth::refusal::Code;
use auth::time::Clock;
use ciba_initiator::CibaInitiator;
use devstack::auth0::Lifetimes;
use devstack::stack::{APPROVAL_QUEUE, APPROVAL_TABLE};
use function::serve::Invocation;
use serde_json::{Value, json};
use tokio::time::Instant;
use upstream_aws::{ApprovalStore, EndedApproval, Recording};

use crate::{Chatting, Hands, World, invocation_named};

const PATIENCE: Duration = Duration::from_secs(20);
/// Longer than any test moves the clock.
const LONG: u64 = 1_000_000;

/// A world in which approvals are asked for and worked on in this process. Polls are never too fast for the provider, and
/// any number of pushes may go out; the limits of our own hold.
pub struct Approvals {
    /// The doubles and the authorizer.
    pub world: World,
    /// Moves the clock of everything but the doubles.
    pub hands: Hands,
    /// The function that asks.
    pub initiator: CibaInitiator,
    /// The function that polls and acts.
    pub worker: ApprovalWorker,
    /// Reads the table.
    pub store: ApprovalStore,
    deliveries: AtomicU64,
    lines: Arc<Mutex<Vec<String>>>,
}

/// An approval that was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who.
    pub person: PersonKey,
    /// The tool.
    pub tool: String,
    /// The name of the approval.
    pub reference: ApprovalReference,
    /// What the phone shows too.
    pub code: String,
    /// The provider's id of the request.
    pub auth_req_id: String,
}

/// How an approval ended, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Done.
    Done,
    /// Declined.
    Denied,
    /// Not answered in time.
    Expired,
    /// Not done, with this code.
    Failed(Code),
    /// May have been done.
    Unknown,
}

impl End {
    /// In short.
    #[must_use]
    pub fn of(ending: &Ending) -> Self {
        match ending {
            Ending::Done { .. } => Self::Done,
            Ending::Denied => Self::Denied,
            Ending::Expired => Self::Expired,
            Ending::Failed { code, .. } => Self::Failed(*code),
            Ending::Unknown => Self::Unknown,
        }
    }
}

impl Approvals {
    /// Starts it with the usual settings.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with settings of functions added or replaced: function, name, value.
    pub async fn start_with(settings: &[(&str, &str, &str)]) -> Self {
        Self::start_planned(settings, false).await
    }

    /// The same as in a deployment: every call by keycards, which the doubles hold to their policies, and rows sealed at KMS.
    pub async fn start_by_keycards(settings: &[(&str, &str, &str)]) -> Self {
        Self::start_planned(settings, true).await
    }

    async fn start_planned(settings: &[(&str, &str, &str)], keycards: bool) -> Self {
        let hands = Hands::default();
        let world = World::start_planned(hands.clock(), settings, keycards).await;
        world.laptop.stack.lambda.warm("fga-authorizer").await.expect("the authorizer starts");
        let auth0 = &world.laptop.stack.auth0;
        auth0.set_lifetimes(Lifetimes { ciba_interval: 0, id_token: 80_000, ..Lifetimes::default() });
        auth0.set_notification_limit(usize::MAX);
        for person in devstack::sample::PEOPLE {
            auth0.set_enrolled(&person.sub(), true);
        }
        let initiator = Box::pin(built::initiator(&world, settings)).await;
        let worker = Box::pin(built::worker(&world, hands.clock(), settings)).await;
        let store = built::store(&world).await;
        world.forget();
        Self { world, hands, initiator, worker, store, deliveries: AtomicU64::new(0), lines: Arc::default() }
    }

    /// Another worker with the same settings, as Lambda starts one for every call that runs beside others.
    pub async fn another_worker(&self) -> ApprovalWorker {
        self.worker_by(self.hands.clock()).await
    }

    /// The same by a clock of its own.
    pub async fn worker_by(&self, clock: Clock) -> ApprovalWorker {
        built::worker(&self.world, clock, &[]).await
    }

    /// Somebody who is chatting, with a connected account and a session that outlives every move of the clock.
    pub async fn chatting(&self, name: &str) -> Chatting {
        let chatting = self.world.chatting_for(name, LONG).await;
        self.world.forget();
        chatting
    }

    /// The event of one message about an approval.
    pub fn delivery(&self, asked: &Asked) -> String {
        let Asked { person, tool, reference, .. } = asked;
        self.delivery_of(&json!({"person": person, "tool": tool, "reference": reference}).to_string())
    }

    /// The event of one message with this body.
    pub fn delivery_of(&self, body: &str) -> String {
        let id = format!("message-{}", self.deliveries.fetch_add(1, Ordering::SeqCst));
        let attributes = json!({"ApproximateReceiveCount": "1"});
        json!({"Records": [{"messageId": id, "body": body, "eventSource": "aws:sqs", "attributes": attributes}]})
            .to_string()
    }

    /// Delivers a message to a worker; whether it is to come again.
    pub async fn deliver(&self, worker: &ApprovalWorker, asked: &Asked) -> bool {
        let number = self.deliveries.fetch_add(1, Ordering::SeqCst);
        let invocation = invocation_named(format!("delivery-{number}"), PATIENCE);
        self.work(worker, &self.delivery(asked), &invocation).await
    }

    /// The event of one message to a worker; whether it is to come again.
    async fn work(&self, worker: &ApprovalWorker, event: &str, invocation: &Invocation) -> bool {
        let (answer, outcomes) = Box::pin(worker.handle(event, invocation)).await;
        assert_eq!(outcomes.len(), 1, "one message, one line");
        outcomes.iter().for_each(|outcome| self.log("approval-worker", outcome));
        !answer.get("batchItemFailures").and_then(Value::as_array).expect("a list").is_empty()
    }

    /// When the worker may poll for the first time: the clock is moved to it.
    pub async fn look(&self, asked: &Asked) -> bool {
        self.hands.ahead(6);
        self.deliver(&self.worker, asked).await
    }

    /// Delivers again and again while the clock goes on, until it is over; back in time then.
    pub async fn settle(&self, asked: &Asked) -> End {
        for seconds in [6, 22, 38, 54, 70, 86, 102, 118, 134, 150] {
            self.hands.ahead(seconds);
            self.deliver(&self.worker, asked).await;
            if let Some(end) = self.end(asked).await {
                self.hands.ahead(0);
                return end;
            }
        }
        panic!("it does not end: {asked:?}");
    }

    /// Moves the clock to the next begin of a minute, so that limits of a minute hold for what follows.
    pub fn start_of_a_minute(&self) {
        let now = self.world.laptop.clock.now().seconds();
        self.hands.ahead(self.hands.by() + 60 - now % 60);
    }

    /// Moves the clock beyond the minute, also beyond that of a delivery that was some seconds ahead and has set it back.
    pub fn next_minute(&self) {
        self.hands.ahead(self.hands.by() + 120);
    }

    /// Delivers a message when the worker may poll for the first time, seconds after the asking.
    pub async fn deliver_due(&self, asked: &Asked) {
        self.hands.ahead(self.hands.by() + 6);
        assert!(!self.deliver(&self.worker, asked).await, "it need not come again");
    }

    /// Ends it as if nobody had answered, without the clock.
    pub async fn end_as_expired(&self, asked: &Asked) {
        let until = Instant::now() + PATIENCE;
        let read = self.store.read(&asked.person, &asked.tool, &asked.reference, until).await;
        let Some((Approval::Pending(pending), _)) = read.expect("the table answers") else { panic!("it is pending") };
        let ended = pending.end(Ending::Expired, self.world.laptop.clock.now());
        let recorded = self.store.record_end(&ended, until).await.expect("the table answers");
        assert_eq!(recorded, Recording::Recorded);
    }

    /// How it ended, if it has.
    pub async fn end(&self, asked: &Asked) -> Option<End> {
        self.outcome(asked).await.map(|ended| End::of(&ended.ending))
    }

    /// What the table says of its end.
    pub async fn outcome(&self, asked: &Asked) -> Option<EndedApproval> {
        let until = Instant::now() + PATIENCE;
        self.store.outcome(&asked.person, &asked.reference, until).await.expect("the table answers")
    }

    /// Lets the person ask for this tool again in the same minute, and forgets how their approvals ended.
    pub async fn forget(&self, who: &Chatting, tool: &str) {
        let dynamodb = &self.world.laptop.stack.dynamodb;
        let person = PersonKey::of(&who.signed.subject);
        for item in dynamodb.items(APPROVAL_TABLE).await.expect("the table answers") {
            let sort = item.pointer("/sort/S").and_then(Value::as_str).unwrap_or_default();
            let own = item.pointer("/person/S").and_then(Value::as_str) == Some(person.as_str());
            if own && (sort.starts_with(&format!("starts#{tool}#")) || sort.starts_with("done#")) {
                let key = json!({"person": {"S": person.as_str()}, "sort": {"S": sort}});
                let delete = json!({"TableName": APPROVAL_TABLE, "Key": key});
                dynamodb.raw("DeleteItem", delete).await.expect("the table answers");
            }
        }
    }

    /// What the Management API changed, by the whole of its lines.
    pub fn acts(&self) -> Vec<String> {
        self.world.laptop.stack.okta.acts()
    }

    /// How many pushes went out.
    pub fn pushes(&self) -> usize {
        self.world.laptop.stack.auth0.starts()
    }

    /// How many messages were sent to the worker's queue.
    pub fn messages(&self) -> usize {
        self.world.laptop.stack.sqs.sent(APPROVAL_QUEUE).len()
    }

    /// The person says yes on their phone.
    pub fn approve(&self, asked: &Asked) {
        self.world.laptop.stack.auth0.approve(&asked.auth_req_id).expect("it can be answered");
    }

    /// The person says no on their phone.
    pub fn decline(&self, asked: &Asked) {
        self.world.laptop.stack.auth0.deny(&asked.auth_req_id).expect("it can be answered");
    }
}
