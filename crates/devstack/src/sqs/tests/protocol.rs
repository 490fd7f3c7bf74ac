//! What goes over the wire.

use serde_json::json;

use super::*;

#[tokio::test]
async fn a_sent_message_is_answered_with_its_digests_and_received_with_what_is_asked_for() {
    let sqs = service().await;
    let attributes = json!({ "kind": { "DataType": "String", "StringValue": "poll" } });
    let sent = done(&sqs, "SendMessage", json!({ "MessageBody": "hello", "MessageAttributes": attributes })).await;
    assert_eq!(sent["MD5OfMessageBody"], "5d41402abc4b2a76b9719d911017c592");
    assert_eq!(sent["MD5OfMessageAttributes"], "2bed02450168811b9211ed81eeecb841");
    let bare = done(&sqs, "ReceiveMessage", json!({ "VisibilityTimeout": 0 })).await["Messages"][0].clone();
    assert_eq!((&bare["Body"], &bare["MessageId"]), (&json!("hello"), &sent["MessageId"]));
    assert_eq!((bare.get("Attributes"), bare.get("MessageAttributes")), (None, None));
    let asked = json!({ "AttributeNames": ["SentTimestamp"], "MessageAttributeNames": ["ki.*"] });
    let whole = done(&sqs, "ReceiveMessage", asked).await["Messages"][0].clone();
    assert_eq!(whole["MessageAttributes"], attributes);
    assert_eq!(whole["MD5OfMessageAttributes"], sent["MD5OfMessageAttributes"]);
    assert_eq!(whole["Attributes"].as_object().unwrap().keys().collect::<Vec<_>>(), ["SentTimestamp"]);
}

#[tokio::test]
async fn a_queue_that_is_not_there_is_told_by_both_of_its_names() {
    let sqs = service().await;
    let expected = (
        400,
        "AWS.SimpleQueueService.NonExistentQueue;Sender".to_owned(),
        "com.amazonaws.sqs#QueueDoesNotExist".to_owned(),
    );
    let elsewhere = json!({ "QueueUrl": sqs.queue_url("absent"), "MessageBody": "x" });
    for operation in ["SendMessage", "ReceiveMessage", "GetQueueAttributes"] {
        assert_eq!(refusal(&call(&sqs, operation, &elsewhere).await), expected, "{operation}");
    }
    assert_eq!(refusal(&call(&sqs, "GetQueueUrl", &json!({ "QueueName": "absent" })).await), expected);
    let url = call(&sqs, "GetQueueUrl", &json!({ "QueueName": "work" })).await;
    assert_eq!(url.json()["QueueUrl"], sqs.queue_url("work"));
    assert_eq!(url.header("content-type"), "application/x-amz-json-1.0");
}

#[tokio::test]
async fn what_is_out_of_bounds_is_refused_and_nothing_is_stored() {
    let sqs = service().await;
    let url = sqs.queue_url("work");
    let cases = [
        ("SendMessage", json!({ "MessageBody": "x", "DelaySeconds": 901 }), "InvalidParameterValue;Sender"),
        ("SendMessage", json!({ "MessageBody": "x", "DelaySeconds": -1 }), "InvalidParameterValue;Sender"),
        ("SendMessage", json!({ "MessageBody": "" }), "MissingParameter;Sender"),
        ("SendMessage", json!({ "MessageBody": "x".repeat(1_048_577) }), "InvalidParameterValue;Sender"),
        (
            "SendMessage",
            json!({ "MessageBody": "x", "MessageAttributes": { "a": { "DataType": "Date" } } }),
            "InvalidParameterValue;Sender",
        ),
        ("ReceiveMessage", json!({ "MaxNumberOfMessages": 11 }), "InvalidParameterValue;Sender"),
        ("ReceiveMessage", json!({ "WaitTimeSeconds": 21 }), "InvalidParameterValue;Sender"),
        ("ReceiveMessage", json!({ "VisibilityTimeout": 43_201 }), "InvalidParameterValue;Sender"),
        ("GetQueueAttributes", json!({ "AttributeNames": ["Colour"] }), "InvalidAttributeName;Sender"),
        ("DeleteMessage", json!({}), "MissingParameter;Sender"),
        ("DeleteMessage", json!({ "ReceiptHandle": "made up" }), "ReceiptHandleIsInvalid;Sender"),
        ("Dance", json!({}), "AWS.SimpleQueueService.UnsupportedOperation;Sender"),
    ];
    for (operation, mut parameters, code) in cases {
        parameters["QueueUrl"] = json!(url);
        assert_eq!(refusal(&call(&sqs, operation, &parameters).await).1, code, "{operation}");
    }
    let late = call(&sqs, "SendMessage", &json!({ "QueueUrl": url, "MessageBody": "x", "DelaySeconds": 901 })).await;
    let reason = "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.";
    assert_eq!(late.json()["message"], reason);
    assert_eq!((sqs.counts("work").total(), sqs.sent("work").len()), (0, 0));
}

#[tokio::test]
async fn a_handle_is_good_for_its_own_queue_and_while_its_message_is_in_flight() {
    let sqs = service().await;
    send(&sqs, "one").await;
    let handle = receive(&sqs).await[0].1.clone();
    let other =
        call(&sqs, "DeleteMessage", &json!({ "QueueUrl": sqs.queue_url("dead"), "ReceiptHandle": handle })).await;
    assert_eq!(refusal(&other).1, "ReceiptHandleIsInvalid;Sender");
    sqs.advance(30);
    let hide = json!({ "QueueUrl": sqs.queue_url("work"), "ReceiptHandle": handle, "VisibilityTimeout": 5 });
    assert_eq!(refusal(&call(&sqs, "ChangeMessageVisibility", &hide).await).1, "InvalidParameterValue;Sender");
    assert_eq!(sqs.counts("work").visible, 1);
}

#[tokio::test]
async fn attributes_of_a_queue_are_text_and_count_its_messages_by_state() {
    let sqs = service().await;
    send(&sqs, "in flight").await;
    receive(&sqs).await;
    send(&sqs, "visible").await;
    done(&sqs, "SendMessage", json!({ "MessageBody": "delayed", "DelaySeconds": 5 })).await;
    let answer = done(&sqs, "GetQueueAttributes", json!({ "AttributeNames": ["All"] })).await;
    let attributes = &answer["Attributes"];
    for state in ["", "Delayed", "NotVisible"] {
        assert_eq!(attributes[format!("ApproximateNumberOfMessages{state}")], "1", "{state}");
    }
    assert_eq!(attributes["QueueArn"], "arn:aws:sqs:us-east-1:123456789012:work");
    let policy: Value = serde_json::from_str(attributes["RedrivePolicy"].as_str().unwrap()).unwrap();
    assert_eq!(policy, json!({ "deadLetterTargetArn": super::super::arn("dead"), "maxReceiveCount": 2 }));
    assert_eq!(done(&sqs, "GetQueueAttributes", json!({})).await, json!({}));
}

#[tokio::test]
async fn a_receive_that_waits_ends_with_the_first_message_or_with_its_time() {
    let sqs = service().await;
    let wait = || done(&sqs, "ReceiveMessage", json!({ "WaitTimeSeconds": 20 }));
    let (seen, _) = tokio::join!(wait(), send(&sqs, "awaited"));
    let message = &seen["Messages"][0];
    assert_eq!(message["Body"], "awaited");
    done(&sqs, "DeleteMessage", json!({ "ReceiptHandle": message["ReceiptHandle"] })).await;
    let time_goes_on = async {
        loop {
            sqs.advance(20);
            tokio::task::yield_now().await;
        }
    };
    let seen = tokio::select! {
        seen = wait() => seen,
        never = time_goes_on => never,
    };
    assert_eq!(seen, json!({}));
}

#[tokio::test]
async fn calls_are_counted_and_faulted_by_operation_and_controlled_from_outside() {
    let sqs = service().await;
    send(&sqs, "one").await;
    let effect = json!({ "on": "POST /SendMessage", "effect": { "answer": { "status": 500 } } });
    sqs.fault(serde_json::from_value(effect).unwrap());
    let refused = call(&sqs, "SendMessage", &json!({ "QueueUrl": sqs.queue_url("work"), "MessageBody": "two" })).await;
    assert_eq!(refused.status, 500);
    assert_eq!((sqs.requests_by_operation("SendMessage"), sqs.counts("work").total()), (2, 1));
    let url = sqs.double.url();
    assert_eq!(bodies(&sqs).await, ["one"]);
    let advanced = wire::post_json(&format!("{url}/_sqs/advance"), None, &json!({ "seconds": 30 })).await;
    assert_eq!(advanced.status, 204);
    let seen = wire::get(&format!("{url}/_sqs/messages?queue=work"), "").await.json();
    assert_eq!((&seen["messages"][0]["body"], &seen["counts"]["visible"]), (&json!("one"), &json!(1)));
    assert_eq!(wire::get(&format!("{url}/_sqs/messages?queue=absent"), "").await.status, 404);
    assert_eq!(sqs.operations(), ["SendMessage", "SendMessage", "ReceiveMessage"]);
}
