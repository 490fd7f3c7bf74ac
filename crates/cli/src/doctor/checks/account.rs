//! The sealing key and the queue.

use serde_json::Value;

use super::super::evidence::Evidence;
use super::super::finding::{Finding, Judged, text};

/// The worker's time-out, in seconds: a message that shows again before it is over is worked on twice.
const WORKER_SECONDS: u64 = 30;

pub(super) fn key(evidence: &Evidence) -> Judged {
    let told =
        evidence.account.key.or_wrong("the sealing key does not exist", "set SEAL_KEY_ARN to a key of this region")?;
    if text(told, "/KeyMetadata/KeyState") != "Enabled" {
        return Err(Finding::wrong(
            "the sealing key is not enabled",
            "enable it, or cancel its deletion, before rows are lost",
        ));
    }
    if text(told, "/KeyMetadata/KeySpec") != "SYMMETRIC_DEFAULT" {
        return Err(Finding::wrong("the sealing key is not symmetric", "make a symmetric key for encryption"));
    }
    Ok("it is enabled and symmetric".to_owned())
}

/// Made and opened as a row's is: with table, row and purpose.
pub(super) fn context(evidence: &Evidence) -> Judged {
    evidence.account.data_key.there()?;
    Ok("a data key is made and opened with table, row and purpose".to_owned())
}

pub(super) fn queue(evidence: &Evidence) -> Judged {
    let told = evidence.account.queue.or_wrong("the queue does not exist", "set APPROVAL_QUEUE_URL to it")?;
    let hidden = text(told, "/Attributes/VisibilityTimeout").parse::<u64>().unwrap_or(0);
    if hidden < WORKER_SECONDS {
        let what = format!("a message shows again after {hidden} s, before the worker's {WORKER_SECONDS} s are over");
        return Err(Finding::wrong(what, "set its visibility time-out to 60 s"));
    }
    Ok(format!("messages stay hidden for {hidden} s"))
}

pub(super) fn dead_letters(evidence: &Evidence) -> Judged {
    let told = evidence.account.queue.there()?;
    let policy: Option<Value> = serde_json::from_str(text(told, "/Attributes/RedrivePolicy")).ok();
    let target = policy.as_ref().map(|policy| text(policy, "/deadLetterTargetArn")).unwrap_or_default();
    if target.is_empty() {
        return Err(Finding::wrong(
            "what fails for ever is tried for ever",
            "give the queue a dead-letter queue after some ten receives",
        ));
    }
    Ok(format!("`{}`", target.rsplit(':').next().unwrap_or_default()))
}
