//! What the approval queue is relied on for, asked of the double and of moto's server.

use aws_sdk_sqs::types::Message;
use devstack::sqs::Config;
use tokio::net::TcpListener;

use super::{ApprovalKey, Queue, QueueError, key};
use crate::connection::Aws;
use crate::testing::{EMULATOR, ample, aws_at};

async fn receive(aws: &Aws, url: &str, hidden: i32) -> Vec<Message> {
    let receive = aws.sqs.receive_message().queue_url(url).max_number_of_messages(10).visibility_timeout(hidden);
    receive.send().await.unwrap().messages.unwrap_or_default()
}

async fn a_message_is_hidden_while_it_is_worked_on_and_comes_again_until_it_is_deleted(aws: &Aws, url: &str) {
    let queue = Queue::new(aws, url.to_owned());
    assert_eq!(queue.send(&key(), 0, ample()).await, Ok(()));
    let first = receive(aws, url, 600).await;
    assert_eq!(first.len(), 1);
    assert_eq!(ApprovalKey::parse(first[0].body().unwrap()), Some(key()));
    assert!(receive(aws, url, 600).await.is_empty(), "hidden");
    let handle = first[0].receipt_handle().unwrap();
    let show = aws.sqs.change_message_visibility().queue_url(url).receipt_handle(handle).visibility_timeout(0);
    show.send().await.unwrap();
    let second = receive(aws, url, 600).await;
    assert_eq!(second.iter().map(Message::message_id).collect::<Vec<_>>(), [first[0].message_id()]);
    for _ in 0..2 {
        let handle = second[0].receipt_handle().unwrap();
        aws.sqs.delete_message().queue_url(url).receipt_handle(handle).send().await.unwrap();
    }
    assert!(receive(aws, url, 0).await.is_empty(), "deleted");
}

async fn a_delayed_message_is_not_there_yet(aws: &Aws, url: &str) {
    assert_eq!(Queue::new(aws, url.to_owned()).send(&key(), 900, ample()).await, Ok(()));
    assert!(receive(aws, url, 0).await.is_empty());
}

async fn a_queue_that_is_not_there_is_a_misconfiguration(aws: &Aws, url: &str) {
    let absent = Queue::new(aws, format!("{url}-absent"));
    assert_eq!(absent.send(&key(), 0, ample()).await, Err(QueueError::Misconfigured));
}

async fn all(aws: &Aws, url: &str) {
    a_message_is_hidden_while_it_is_worked_on_and_comes_again_until_it_is_deleted(aws, url).await;
    a_delayed_message_is_not_there_yet(aws, url).await;
    a_queue_that_is_not_there_is_a_misconfiguration(aws, url).await;
}

#[tokio::test]
async fn the_double_of_sqs_hides_shows_and_deletes() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let config = Config { queues: vec![devstack::sqs::Queue::new("approvals")], ..Config::default() };
    let sqs = devstack::sqs::start(listener, config).await.unwrap();
    all(&aws_at(&sqs.double.url()).await, &sqs.queue_url("approvals")).await;
}

#[tokio::test]
#[ignore = "needs moto: make conformance"]
async fn moto_sqs_hides_shows_and_deletes() {
    let aws = aws_at(EMULATOR).await;
    let made = aws.sqs.create_queue().queue_name("approvals").send().await.unwrap();
    all(&aws, made.queue_url().unwrap()).await;
}
