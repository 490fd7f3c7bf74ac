//! How tools and outcomes are called in pages.

use auth::time::Timestamp;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What a tool does. The name of one that is not known stands for itself: untrusted text.
pub(crate) fn tool(name: &str) -> String {
    match name {
        "list_groups" => "List Okta groups".to_owned(),
        "reset_password" => "Reset your password".to_owned(),
        "add_to_group" => "Add somebody to a group".to_owned(),
        "remove_from_group" => "Remove somebody from a group".to_owned(),
        "unlock_user" => "Unlock an account".to_owned(),
        "check_approval" => "Look at an approval".to_owned(),
        "list_approvals" => "List your approvals".to_owned(),
        "whoami" => "Tell who you are".to_owned(),
        other => other.replace('_', " "),
    }
}

/// A time as `2026-11-26T05:00:00Z`, for `datetime` attributes.
pub(crate) fn stamp(at: Timestamp) -> String {
    let time = i64::try_from(at.seconds()).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}

/// The same for a person: `2026-11-26 05:00 UTC`.
pub(crate) fn time(at: Timestamp) -> String {
    let stamp = stamp(at);
    match (stamp.get(..10), stamp.get(11..16)) {
        (Some(day), Some(minute)) => format!("{day} {minute} UTC"),
        _ => stamp,
    }
}

#[cfg(test)]
mod tests {
    use auth::time::Timestamp;

    use super::{stamp, time, tool};

    #[test]
    fn a_time_is_told_to_the_minute_and_marked_up_to_the_second() {
        let at = Timestamp::from_seconds(1_790_000_000);
        assert_eq!(stamp(at), "2026-09-21T14:13:20Z");
        assert_eq!(time(at), "2026-09-21 14:13 UTC");
        assert_eq!(stamp(Timestamp::from_seconds(u64::MAX)), "");
    }

    #[test]
    fn an_unknown_tool_is_called_by_its_name() {
        assert_eq!(tool("list_groups"), "List Okta groups");
        assert_eq!(tool("do_it"), "do it");
    }
}
