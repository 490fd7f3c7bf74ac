//! An approval table in the embedded engine, and Alice's approvals in each state.

use std::collections::HashMap;
use std::net::SocketAddr;

use auth::approval::{
    Approval, ApprovalReference, Approved, Binding, Ending, Pending, PersonKey, Poll, Polled, Requested, Spending,
};
use auth::canonical::ArgumentsHash;
use auth::decision::{Check, Decision};
use auth::id::Agent;
use auth::mandate::{Asks, Mandate};
use auth::refusal::{Code, Refusal};
use auth::secret::Secret;
use auth::session::Session;
use auth::subject::Subject;
use auth::time::Timestamp;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use serde_json::{Value, json};

use super::answer_of_the_provider;
use crate::approval_store::{ApprovalError, ApprovalStore, Recording, Requesting, Spent, Sweep, Swept};
use crate::connection::Aws;
use crate::testing::people::{NOW, row};
use crate::testing::table::seal;
use crate::testing::wire::{Answer, Request, Wire};
use crate::testing::{ample, aws_at, engine};

pub(super) const TABLE: &str = "approvals";
pub(super) const ARGUMENTS: &str = r#"{"group":"VPN users","user":"bob@example.com"}"#;

pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) struct Approvals {
    pub(super) engine: SocketAddr,
    pub(super) aws: Aws,
}

impl Approvals {
    pub(super) async fn start() -> Self {
        let engine = engine::start().await;
        let table = Self { engine, aws: aws_at(&format!("http://{engine}")).await };
        table.make(TABLE).await;
        table
    }

    pub(super) async fn make(&self, name: &str) {
        let mut create = self.aws.dynamodb.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
        for (name, kind) in [("person", KeyType::Hash), ("sort", KeyType::Range)] {
            let attribute = AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S);
            let key = KeySchemaElement::builder().attribute_name(name).key_type(kind);
            create = create.attribute_definitions(attribute.build().unwrap()).key_schema(key.build().unwrap());
        }
        create.send().await.unwrap();
    }

    pub(super) fn store(&self) -> ApprovalStore {
        ApprovalStore::new(&self.aws, TABLE.to_owned(), seal(7))
    }

    /// A store that reaches the engine through `decide`, which may keep a request or its answer.
    pub(super) async fn store_behind(
        &self,
        decide: impl Fn(usize, &Request) -> Option<Answer> + Send + Sync + 'static,
    ) -> (Wire, ApprovalStore) {
        let engine = self.engine;
        let wire = Wire::start(move |before, request| decide(before, request).unwrap_or(Answer::Forward(engine))).await;
        let store = ApprovalStore::new(&aws_at(&wire.url).await, TABLE.to_owned(), seal(7));
        (wire, store)
    }

    pub(super) async fn item(&self, sort: &str) -> Item {
        self.try_item(sort).await.unwrap()
    }

    pub(super) async fn try_item(&self, sort: &str) -> Option<Item> {
        let get = self
            .aws
            .dynamodb
            .get_item()
            .table_name(TABLE)
            .key("person", AttributeValue::S(person().as_str().to_owned()))
            .key("sort", AttributeValue::S(sort.to_owned()));
        get.consistent_read(true).send().await.unwrap().item
    }

    pub(super) async fn open_item(&self) -> Item {
        self.item("open#add_to_group").await
    }

    pub(super) async fn put(&self, table: &str, item: &Item) {
        self.aws.dynamodb.put_item().table_name(table).set_item(Some(item.clone())).send().await.unwrap();
    }

    /// Puts the open row back as it was, without the outcome of the first approval.
    pub(super) async fn restore(&self, open: &Item) {
        let delete = self
            .aws
            .dynamodb
            .delete_item()
            .table_name(TABLE)
            .key("person", AttributeValue::S(person().as_str().to_owned()))
            .key("sort", AttributeValue::S(format!("done#{}", named(1).as_str())));
        delete.send().await.unwrap();
        self.put(TABLE, open).await;
    }

    /// How many starts this minute counts.
    pub(super) async fn starts(&self, minute: u64) -> Option<String> {
        let item = self.try_item(&format!("starts#add_to_group#{minute}")).await?;
        Some(item["starts"].as_n().unwrap().clone())
    }
}

pub(super) fn named(number: u8) -> ApprovalReference {
    ApprovalReference::of(&[number; 16])
}

/// Alice wants to add somebody to a group, and has two minutes to say yes.
pub(super) fn binding(number: u8) -> Binding {
    let alice = row();
    Binding {
        reference: named(number),
        subject: alice.subject,
        session: alice.hash,
        organization: alice.organization,
        agent: Agent { id: "AGENT12345".to_owned(), alias: "ALIAS67890".to_owned() },
        tool: "add_to_group".to_owned(),
        arguments: ArgumentsHash::of(&arguments()).unwrap(),
        expires_at: NOW.plus(120),
    }
}

fn arguments() -> Value {
    serde_json::from_str(ARGUMENTS).unwrap()
}

pub(super) fn person() -> PersonKey {
    PersonKey::of(&binding(1).subject)
}

pub(super) fn bobs_subject() -> Subject {
    Subject::new("https://tenant.example/", "oidc|okta-oidc|00u2").unwrap()
}

pub(super) fn bob() -> PersonKey {
    PersonKey::of(&bobs_subject())
}

pub(super) fn started(number: u8) -> Pending {
    Requested { binding: binding(number), version: 1 }.started(answer_of_the_provider(), NOW, NOW)
}

pub(super) fn agreed(number: u8) -> Approved {
    match started(number).polled(Poll::Approved, NOW.plus(7)) {
        Polled::Approved(approved) => approved,
        Polled::StillPending(_) | Polled::Ended(_) => panic!("not approved"),
    }
}

pub(super) async fn recorded(store: &ApprovalStore, binding: &Binding) -> Requested {
    match store.request(binding, ARGUMENTS, NOW, ample()).await {
        Ok(Requesting::Recorded(requested)) => requested,
        Ok(_) => panic!("not recorded"),
        Err(error) => panic!("{error}"),
    }
}

pub(super) async fn requested() -> (Approvals, ApprovalStore) {
    let table = Approvals::start().await;
    let store = table.store();
    let _ = recorded(&store, &binding(1)).await;
    (table, store)
}

pub(super) async fn pending() -> (Approvals, ApprovalStore) {
    let (table, store) = requested().await;
    assert_eq!(store.record_pending(&started(1), ample()).await, Ok(Recording::Recorded));
    (table, store)
}

pub(super) async fn approved() -> (Approvals, ApprovalStore) {
    let (table, store) = pending().await;
    assert_eq!(store.record_approved(&agreed(1), ample()).await, Ok(Recording::Recorded));
    (table, store)
}

pub(super) async fn read(store: &ApprovalStore) -> Option<(Approval, Secret)> {
    store.read(&person(), "add_to_group", &named(1), ample()).await.unwrap_or_else(|error| panic!("{error}"))
}

pub(super) async fn spend(store: &ApprovalStore, holder: &str) -> Spent {
    store.spend(spending(agreed(1), holder), ample()).await.unwrap_or_else(|error| panic!("{error}"))
}

struct AddToGroup;

impl Asks<Value> for AddToGroup {
    fn question(&self, _: &Session, _: &Value) -> Result<Check, Refusal> {
        Check::new("alice", "manage", "okta_group:vpn").map_err(Refusal::invalid_input)
    }
}

/// What a worker has in hand who checked everything nine seconds after the request.
pub(super) fn spending(approved: Approved, holder: &str) -> Spending {
    let session = row().confirm_approved(&approved, NOW).unwrap();
    let check = AddToGroup.question_again(&approved, &session, &arguments()).unwrap();
    let reply = json!({"statusCode": 200, "isAuthorized": true, "reason": "allowed", "modelId": "01H", "check": check});
    let decision = Decision::from_reply(check, reply.to_string().as_bytes()).unwrap();
    let mandate = Mandate::resume(&AddToGroup, &approved, session, decision, arguments()).unwrap();
    approved.spend(&mandate, "add_to_group", holder, NOW.plus(9), 30).unwrap_or_else(|_| panic!("not to be spent"))
}

/// Ends what Alice's session has open, as a sign-out does; how many that were.
pub(super) async fn signed_out(store: &ApprovalStore, now: Timestamp) -> Result<usize, ApprovalError> {
    let session = binding(1).session;
    swept(&store.sweep(Sweep::Session(&person(), &session), &Ending::failed(Code::AuthRequired), now, ample()).await)
}

pub(super) fn swept(swept: &Swept) -> Result<usize, ApprovalError> {
    swept.problem.map_or(Ok(swept.ended.len()), Err)
}
