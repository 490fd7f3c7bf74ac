//! A change that is asked for through the gateway waits for a yes on the phone as well.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use super::Member;
use super::attempt::{Attempt, Ends};
use crate::mcp::Answer;
use crate::start::sample_person;
use crate::tour::Tour;
use crate::tour::approvals::phone::Button;
use crate::tour::approvals::request::Waiting;
use crate::trouble::Trouble;
use crate::{person, why};

/// How often is asked, and what lies between two times.
const TIMES: usize = 60;
const PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn walk(tour: &mut Tour, member: &Member) -> Result<(), Trouble> {
    let (who, client, bob) = (member.person.name, &member.client, sample_person("bob")?);
    person::lock(&tour.started.laptop, &bob);
    let before = tour.seen();
    let (shows, tool) = ("bob's account is locked, and unlocking it asks first", "okta-changes___unlock_user");
    let (arguments, ends) = (json!({ "user": bob.email() }), Ends::Refused("approval_pending"));
    let answer = tour.attempt(Attempt { shows, who, client, tool, arguments, ends }).await?;
    let error = answer.error().unwrap_or_default();
    let text = |pointer: &str| error.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (call, reference, code) = (text("/reference"), text("/approval/reference"), text("/approval/code"));
    let waiting = Waiting { who, reference: reference.clone(), code, before };
    tour.press(&waiting, Button::Approve).await?;
    let last = ended(tour, member, &reference).await?;
    let seen = tour.seen().since(&waiting.before);
    let status = last.result().and_then(|result| Some(result.get("status")?.as_str()?.to_owned()));
    let good = status.as_deref() == Some("done")
        && (seen.pushes, seen.acts.as_slice()) == (1, &[format!("unlock {}", bob.okta_id())]);
    let status = status.unwrap_or_else(|| last.code());
    let name = format!("check_approval tells that it was done, once {} · {who}", seen.beside(&status));
    tour.report.step(good, &name, &status);
    explained(tour, &call).await
}

/// The first answer that is not of an open request, or else the last of all.
async fn ended(tour: &Tour, member: &Member, reference: &str) -> Result<Answer, Trouble> {
    let arguments = json!({ "approval": reference });
    let mut times = 1;
    loop {
        let answer = member.client.call("okta-changes___check_approval", &arguments).await?;
        if answer.code() != "approval_pending" || times == TIMES {
            return Ok(answer);
        }
        times += 1;
        // As in the chat: nobody waits here for the queue's five seconds.
        tour.started.laptop.stack.sqs.advance(1);
        sleep(PAUSE).await;
    }
}

/// The record of the call names the gateway as the agent, and the one of the worker is beside it.
async fn explained(tour: &mut Tour, reference: &str) -> Result<(), Trouble> {
    let laptop = &tour.started.laptop;
    let gateway = crate::laptop::gateway::GATEWAY_ID;
    let mut story = Vec::new();
    // What a function writes takes a moment to its file.
    for _ in 0..TIMES {
        story = why::told(laptop.folder(), &tour.started.running, reference)?;
        if told(&story, gateway) {
            break;
        }
        sleep(PAUSE).await;
    }
    let seen = story.first().map_or("there is no record", String::as_str);
    tour.report.step(told(&story, gateway), &format!("mandate why {reference}"), seen);
    Ok(())
}

fn told(story: &[String], gateway: &str) -> bool {
    let says = |part: &str| story.iter().any(|line| line.contains(part));
    says(&format!("the agent {gateway} (alias okta-changes) called `unlock_user`")) && says("was handed a message")
}
