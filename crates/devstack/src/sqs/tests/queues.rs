//! Delays, time-outs, redrive, duplicates and order.

use serde_json::json;

use super::*;
use crate::sqs::{Counts, State};

#[tokio::test]
async fn a_delayed_message_comes_when_its_delay_is_over_and_not_before() {
    let sqs = service().await;
    done(&sqs, "SendMessage", json!({ "MessageBody": "later", "DelaySeconds": 900 })).await;
    send(&sqs, "now").await;
    assert_eq!(bodies(&sqs).await, ["now"]);
    sqs.advance(899);
    assert!(!bodies(&sqs).await.contains(&"later".to_owned()));
    let held = sqs.messages("work");
    assert_eq!((held[0].state, held[0].visible_in), (State::Delayed, 1));
    sqs.advance(1);
    assert_eq!(bodies(&sqs).await, ["later"]);
    let delays: Vec<_> = sqs.sent("work").into_iter().map(|sent| (sent.body, sent.delay)).collect();
    assert_eq!(delays, [("later".to_owned(), 900), ("now".to_owned(), 0)]);
}

#[tokio::test]
async fn a_received_message_is_hidden_for_its_time_out_and_comes_again_with_a_higher_count() {
    let sqs = service().await;
    send(&sqs, "one").await;
    assert_eq!(bodies(&sqs).await, ["one"]);
    sqs.advance(29);
    assert_eq!(bodies(&sqs).await, Vec::<String>::new());
    assert_eq!(sqs.counts("work"), Counts { in_flight: 1, ..Counts::default() });
    sqs.advance(1);
    let again = done(&sqs, "ReceiveMessage", json!({ "MessageSystemAttributeNames": ["All"] })).await;
    let attributes = &again["Messages"][0]["Attributes"];
    assert_eq!(attributes["ApproximateReceiveCount"], "2");
    let at = |name: &str| attributes[name].as_str().unwrap().parse::<u64>().unwrap();
    assert_eq!(at("ApproximateFirstReceiveTimestamp") - at("SentTimestamp"), 0);
}

#[tokio::test]
async fn a_deleted_message_does_not_come_again_and_a_second_delete_is_no_error() {
    let sqs = service().await;
    send(&sqs, "one").await;
    let handle = json!({ "ReceiptHandle": receive(&sqs).await[0].1 });
    done(&sqs, "DeleteMessage", handle.clone()).await;
    done(&sqs, "DeleteMessage", handle).await;
    sqs.advance(60);
    assert_eq!(bodies(&sqs).await, Vec::<String>::new());
    assert_eq!(sqs.counts("work").total(), 0);
}

#[tokio::test]
async fn the_handle_of_an_earlier_delivery_deletes_nothing() {
    let sqs = service().await;
    send(&sqs, "one").await;
    let early = receive(&sqs).await[0].1.clone();
    sqs.advance(30);
    let late = receive(&sqs).await[0].1.clone();
    done(&sqs, "DeleteMessage", json!({ "ReceiptHandle": early })).await;
    assert_eq!(sqs.counts("work").in_flight, 1);
    done(&sqs, "DeleteMessage", json!({ "ReceiptHandle": late })).await;
    assert_eq!(sqs.counts("work").total(), 0);
}

#[tokio::test]
async fn a_time_out_can_be_made_longer_and_ended() {
    let sqs = service().await;
    send(&sqs, "one").await;
    let handle = receive(&sqs).await[0].1.clone();
    let hide = |seconds: u64| json!({ "ReceiptHandle": handle, "VisibilityTimeout": seconds });
    done(&sqs, "ChangeMessageVisibility", hide(100)).await;
    sqs.advance(99);
    assert_eq!(bodies(&sqs).await, Vec::<String>::new());
    done(&sqs, "ChangeMessageVisibility", hide(0)).await;
    assert_eq!(bodies(&sqs).await, ["one"]);
}

#[tokio::test]
async fn a_message_received_too_often_goes_to_the_dead_letter_queue() {
    let sqs = service().await;
    let id = send(&sqs, "poison").await;
    for _ in 0..2 {
        assert_eq!(bodies(&sqs).await, ["poison"]);
        assert_eq!(sqs.dead_letters("work").len(), 0);
        sqs.advance(30);
    }
    assert_eq!(bodies(&sqs).await, Vec::<String>::new());
    let dead = sqs.dead_letters("work");
    assert_eq!((dead.len(), dead[0].id.as_str(), dead[0].receives, dead[0].state), (1, id.as_str(), 2, State::Visible));
    assert_eq!((sqs.counts("work").total(), sqs.counts("dead").visible), (0, 1));
}

#[tokio::test]
async fn every_delivery_is_made_again_even_of_a_message_that_is_deleted() {
    let sqs = service().await;
    sqs.duplicate(2);
    send(&sqs, "one").await;
    let (body, handle) = receive(&sqs).await.remove(0);
    done(&sqs, "DeleteMessage", json!({ "ReceiptHandle": handle })).await;
    assert_eq!([bodies(&sqs).await, bodies(&sqs).await], [[body.clone()], [body]]);
    sqs.advance(60);
    assert_eq!(bodies(&sqs).await, Vec::<String>::new());
    assert_eq!(sqs.dead_letters("work").len(), 0);
}

#[tokio::test]
async fn messages_come_in_order_unless_told_otherwise() {
    let sqs = service().await;
    for body in ["a", "b", "c"] {
        send(&sqs, body).await;
    }
    assert_eq!(bodies(&sqs).await, ["a", "b", "c"]);
    sqs.newest_first(true);
    sqs.advance(30);
    assert_eq!(bodies(&sqs).await, ["c", "b", "a"]);
}

#[tokio::test]
async fn a_message_older_than_the_retention_is_gone() {
    let sqs = service().await;
    send(&sqs, "old").await;
    sqs.advance(345_600);
    assert_eq!(bodies(&sqs).await, Vec::<String>::new());
    assert_eq!(sqs.counts("work").total(), 0);
}

#[tokio::test]
async fn a_scaled_clock_goes_by_itself() {
    let config = Config { queues: vec![Queue::new("work")], time_scale: 20_000 };
    let sqs = start(wire::listener().await, config).await.unwrap();
    done(&sqs, "SendMessage", json!({ "MessageBody": "later", "DelaySeconds": 600 })).await;
    sqs.until("work", |counts| counts.visible == 1).await;
    assert_eq!(bodies(&sqs).await, ["later"]);
}
