//! How many requests the steps of an approval make, as docs/ARCHITECTURE.md says.

use acceptance::Approvals;

const BOB: [(&str, &str); 1] = [("user", "bob@example.com")];

#[tokio::test]
async fn asking_makes_eight_requests_and_none_to_okta() {
    let approvals = Approvals::start().await;
    let carol = approvals.chatting("carol").await;
    approvals.ask(&carol, "unlock_user", &BOB).await;
    approvals.next_minute();
    approvals.end_as_expired(&approvals.ask(&carol, "reset_password", &[]).await).await;
    approvals.world.forget();
    approvals.ask(&carol, "reset_password", &[]).await;
    let stack = &approvals.world.laptop.stack;
    assert_eq!(stack.dynamodb.operations(), ["GetItem", "TransactWriteItems", "UpdateItem", "PutItem"]);
    let counts = approvals.world.counts();
    assert_eq!((counts.lambda, counts.checks, counts.okta, counts.auth0_tokens), (1, 1, 0, 0), "{counts:?}");
    assert_eq!(stack.sqs.requests_by_operation("SendMessage"), 1);
    assert_eq!(stack.auth0.double.requests_to("POST /bc-authorize"), 1);
}

#[tokio::test]
async fn looking_at_one_that_is_over_makes_two_reads_and_one_record() {
    let approvals = Approvals::start().await;
    let carol = approvals.chatting("carol").await;
    let asked = approvals.ask(&carol, "reset_password", &[]).await;
    approvals.approve(&asked);
    approvals.settle(&asked).await;
    approvals.world.forget();
    approvals.call(&carol, "check_approval", &[("approval", asked.reference.as_str())]).await;
    assert_eq!(approvals.world.laptop.stack.dynamodb.operations(), ["GetItem", "GetItem", "PutItem"]);
    assert_eq!(approvals.world.counts().lambda, 0);
}

#[tokio::test]
async fn doing_what_was_approved_polls_once_checks_once_and_changes_once() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let asked = approvals.ask(&dave, "add_to_group", &[BOB[0], ("group", "VPN users")]).await;
    approvals.approve(&asked);
    approvals.world.forget();
    approvals.look(&asked).await;
    let (stack, counts) = (&approvals.world.laptop.stack, approvals.world.counts());
    assert_eq!(counts.checks, 1);
    assert_eq!(stack.auth0.polls(&asked.auth_req_id).len(), 1);
    assert_eq!(counts.auth0_tokens, 2, "the poll and the vault's exchange");
    assert_eq!(stack.okta.double.requests_to("GET /api/"), 2, "the user and the group");
    assert_eq!(stack.okta.double.requests_to("PUT /api/"), 1);
    assert_eq!(stack.sqs.requests_by_operation("SendMessage"), 0, "it is over");
}
