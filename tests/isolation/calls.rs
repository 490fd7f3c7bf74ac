//! The calls that the six make, and what each must be answered.

use acceptance::{Approvals, Event, Seeded, body_of};
use serde_json::{Value, json};

use crate::people::{CHANGES, Someone};

/// A call that somebody makes.
pub(crate) struct Call {
    pub(crate) function: &'static str,
    pub(crate) event: Event,
    who: usize,
    expected: Expected,
    /// Whose groups Okta is to be asked for, as the caller.
    pub(crate) reads: Option<String>,
}

enum Expected {
    /// These groups and no others.
    Groups(Vec<String>),
    /// The request with this reference and code is pending.
    Pending(String, String),
    /// All the caller's requests.
    Requests,
    /// This code, and nothing of anybody's.
    Refused(&'static str),
}

/// How many kinds of calls there are.
const KINDS: usize = 17;

impl Call {
    /// The next call of the schedule.
    pub(crate) fn next(approvals: &Approvals, people: &[Someone], seeded: &mut Seeded) -> Self {
        let (who, kind) = (seeded.below(people.len()), seeded.below(KINDS));
        let other = &people[(who + 1 + seeded.below(people.len() - 1)) % people.len()];
        let me = &people[who];
        let event = || me.event(approvals, me, None, 0);
        let own = || Expected::Groups(vec![format!("{} nest", me.word), format!("{} cliff", me.word)]);
        let request = seeded.below(CHANGES.len());
        let pending = |place: usize| Expected::Pending(me.requests[place].0.clone(), me.requests[place].1.clone());
        let groups = |event, expected| Self { function: "okta-groups", event, who, expected, reads: None };
        let asks = |event, expected| Self { function: "ciba-initiator", ..groups(event, expected) };
        let signed_out = || Expected::Refused("auth_required");
        match kind {
            0 => Self { reads: Some(me.login.clone()), ..groups(event(), own()) },
            1 => Self { reads: Some(me.login.clone()), ..groups(event().by_openapi(), own()) },
            2 => {
                let friends = Expected::Groups(vec![format!("{} friends", me.word)]);
                Self { reads: Some(me.friend.clone()), ..groups(event().with("user", &me.friend), friends) }
            }
            3..=6 => asks(me.arguments(event(), CHANGES[kind - 3]), pending(kind - 3)),
            7 => {
                let reference = &me.requests[request].0;
                asks(event().of_change("check_approval").with("approval", reference), pending(request))
            }
            8 => asks(event().of_change("list_approvals"), Expected::Requests),
            9 => groups(other.event(approvals, me, None, 0), signed_out()),
            10 => groups(me.event(approvals, other, None, 0), signed_out()),
            11 => groups(me.event(approvals, me, None, 1000), signed_out()),
            12 => groups(me.event(approvals, me, Some("org_elsewhere"), 0), signed_out()),
            13 => asks(me.event(approvals, other, None, 0).of_change("list_approvals"), signed_out()),
            14 => groups(event().with("user", &other.friend), Expected::Refused("access_denied")),
            15 => {
                let reference = &other.requests[request].0;
                let event = event().of_change("check_approval").with("approval", reference);
                asks(event, Expected::Refused("invalid_input"))
            }
            _ => {
                let event = event().of_change("unlock_user").with("user", &other.friend);
                asks(event, Expected::Refused("access_denied"))
            }
        }
    }

    /// Who makes it.
    pub(crate) fn caller<'a>(&self, people: &'a [Someone]) -> &'a Someone {
        &people[self.who]
    }

    /// The answer is the caller's, and has nothing of anybody else in it.
    pub(crate) fn judge(&self, people: &[Someone], answer: &Value) {
        let (body, text) = (body_of(answer), answer.to_string());
        let me = self.caller(people);
        match &self.expected {
            Expected::Groups(names) => {
                let mut seen: Vec<&str> = body["groups"]
                    .as_array()
                    .unwrap_or_else(|| panic!("{body}"))
                    .iter()
                    .filter_map(Value::as_str)
                    .collect();
                let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
                seen.sort_unstable();
                names.sort_unstable();
                assert_eq!(seen, names, "{}: {answer}", me.word);
            }
            Expected::Pending(reference, code) => {
                assert_eq!(body["error"], "approval_pending", "{}: {answer}", me.word);
                assert_eq!(body["approval"]["reference"], json!(reference), "{}: {answer}", me.word);
                assert_eq!(body["approval"]["code"], json!(code), "{}: {answer}", me.word);
            }
            Expected::Requests => {
                assert_eq!(body["count"], 4, "{}: {answer}", me.word);
                assert!(me.requests.iter().all(|(reference, _)| text.contains(reference)), "{}: {answer}", me.word);
            }
            Expected::Refused(code) => {
                assert_eq!(body["error"], json!(code), "{}: {answer}", me.word);
                assert!(!names(me, &text), "a refusal tells nothing: {answer}");
            }
        }
        for (_, other) in people.iter().enumerate().filter(|(place, _)| *place != self.who) {
            assert!(!names(other, &text), "{} is told of {}: {answer}", me.word, other.word);
        }
    }
}

/// Whether the text has anything of this person in it.
pub(crate) fn names(someone: &Someone, text: &str) -> bool {
    let request = |(reference, code): &(String, String)| text.contains(reference) || text.contains(code);
    text.contains(someone.word) || someone.requests.iter().any(request)
}
