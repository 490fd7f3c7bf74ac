//! What is kept of a request, and where.

use acceptance::{Approvals, Asked, End};
use devstack::stack::APPROVAL_TABLE;
use serde_json::{Value, json};

use super::{VPN, token_requests};

/// The open row of a request, as it is stored.
async fn row(approvals: &Approvals, asked: &Asked) -> Value {
    let sort = format!("open#{}", asked.tool);
    let items = approvals.world.laptop.stack.dynamodb.items(APPROVAL_TABLE).await.unwrap();
    items.into_iter().find(|item| item["sort"]["S"] == sort.as_str()).unwrap()
}

async fn store(approvals: &Approvals, row: &Value) {
    let put = json!({"TableName": APPROVAL_TABLE, "Item": row});
    approvals.world.laptop.stack.dynamodb.raw("PutItem", put).await.unwrap();
}

// C10
#[tokio::test]
async fn a_row_that_was_bent_to_something_else_is_no_approval_of_it() {
    let approvals = Approvals::start().await;
    let (dave, carol) = (approvals.chatting("dave").await, approvals.chatting("carol").await);
    let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
    let other = approvals.ask(&dave, "remove_from_group", &VPN).await;
    approvals.approve(&asked);
    let (good, other) = (row(&approvals, &asked).await, row(&approvals, &other).await);
    let bends = [
        ("session", json!({"S": carol.signed.session.hash().as_str()})),
        ("subject", json!({"S": carol.person.sub()})),
        ("arguments_hash", json!({"S": "A".repeat(43)})),
        ("tool", json!({"S": "remove_from_group"})),
        ("expires_at", json!({"N": "99999999999"})),
        ("state", json!({"S": "approved"})),
        ("arguments", other["arguments"].clone()),
        ("sealed", other["sealed"].clone()),
    ];
    for (name, value) in bends {
        let mut bent = good.clone();
        assert!(bent[name].is_object() && bent[name] != value, "{name} is there, and is something else");
        bent[name] = value;
        store(&approvals, &bent).await;
        assert!(approvals.look(&asked).await, "{name}: the message comes again");
        assert_eq!((approvals.acts().len(), token_requests(&approvals)), (0, 0), "{name}");
    }
    store(&approvals, &good).await;
    assert!(!approvals.look(&asked).await);
    assert_eq!(approvals.end(&asked).await, Some(End::Done));
}

// C10
#[tokio::test]
async fn an_approval_is_used_once_and_its_id_goes_away_with_the_use() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
    let pending = row(&approvals, &asked).await;
    approvals.approve(&asked);
    approvals.look(&asked).await;
    for _ in 0..2 {
        approvals.look(&asked).await;
        assert_eq!((approvals.acts().len(), token_requests(&approvals)), (1, 2), "one poll, one exchange, one act");
    }
    store(&approvals, &pending).await;
    approvals.hands.ahead(22);
    approvals.deliver(&approvals.worker, &asked).await;
    assert_eq!(approvals.acts().len(), 1, "not even with the row as it was before");
    let polls = approvals.world.laptop.stack.auth0.polls(&asked.auth_req_id);
    assert_eq!(polls.last().map(|poll| poll.answer), Some("invalid_grant"), "the provider gives the answer once");
}

// C10
#[tokio::test]
async fn neither_the_agent_nor_a_log_nor_the_queue_nor_the_table_shows_the_requests_id() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let first = approvals.call(&dave, "add_to_group", &VPN).await;
    let asked = approvals.asked_by(&dave, "add_to_group", &first);
    let reference = [("approval", asked.reference.as_str())];
    let mut seen = vec![first.to_string(), row(&approvals, &asked).await.to_string()];
    for (seconds, answered) in [(6, false), (12, true)] {
        if answered {
            approvals.approve(&asked);
        }
        approvals.hands.ahead(seconds);
        approvals.deliver(&approvals.worker, &asked).await;
        seen.push(approvals.call(&dave, "check_approval", &reference).await.to_string());
        seen.push(approvals.call(&dave, "list_approvals", &[]).await.to_string());
    }
    assert_eq!(approvals.end(&asked).await, Some(End::Done));
    let stack = &approvals.world.laptop.stack;
    seen.extend(stack.sqs.sent(devstack::stack::APPROVAL_QUEUE).into_iter().map(|sent| sent.body));
    seen.extend(stack.dynamodb.items(APPROVAL_TABLE).await.unwrap().iter().map(Value::to_string));
    seen.extend(approvals.logged());
    assert!(seen.len() >= 14, "{} texts", seen.len());
    for text in &seen {
        assert!(!text.contains(&asked.auth_req_id), "{text}");
    }
}

// S05
#[tokio::test]
async fn after_its_time_an_approval_is_none() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let asked = approvals.ask(&dave, "add_to_group", &VPN).await;
    approvals.approve(&asked);
    approvals.hands.ahead(120);
    approvals.deliver(&approvals.worker, &asked).await;
    assert_eq!(approvals.end(&asked).await, Some(End::Expired));
    assert_eq!((approvals.acts().len(), token_requests(&approvals)), (0, 0), "it is not even polled for");
}
