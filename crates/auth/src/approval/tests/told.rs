//! What is told of an approval, and that every end is one write.

use super::{NOW, binding, pending};
use crate::approval::{
    Acting, Approval, ApprovalReference, Approved, Due, Ended, Ending, Notice, PersonKey, Poll, Polled, Requested,
};
use crate::refusal::{Code, Refusal};

#[test]
fn every_end_is_one_write_after_the_state_before_it() {
    let acting = || Acting { binding: binding(120), holder: "one".to_owned(), lease_until: NOW.plus(30), version: 7 };
    let requested = || Requested { binding: binding(120), version: 7 };
    let waiting = || crate::approval::Pending { version: 7, ..pending(120, None) };
    let at = NOW.plus(200);
    let over = |due: Due| match due {
        Due::Ended(ended) => ended,
        Due::Later { .. } | Due::Poll(_) => panic!("it is not over"),
    };
    let ends: [Ended; 8] = [
        requested().end(Ending::Denied, at),
        waiting().end(Ending::Denied, at),
        Approved::stored(binding(120), 7).end(Ending::Denied, at),
        acting().end(Ending::Denied, at),
        over(requested().due(at)),
        over(waiting().due(at, 15)),
        over(acting().due(at)),
        acting().abandoned(at).ok().unwrap(),
    ];
    for ended in ends {
        assert_eq!((ended.version, ended.at, ended.binding), (8, at, binding(120)), "{:?}", ended.ending);
    }
    let Polled::Approved(approved) = waiting().polled(Poll::Approved, NOW) else { panic!("it is approved") };
    assert_eq!((approved.version(), approved.binding()), (8, &binding(120)));
    assert!(acting().abandoned(NOW.plus(29)).is_err());
}

#[test]
fn every_state_tells_what_it_is_about() {
    let about = |seconds| {
        let acting = Acting { binding: binding(seconds), holder: String::new(), lease_until: NOW, version: 1 };
        [
            Approval::Requested(Requested { binding: binding(seconds), version: 1 }),
            Approval::Pending(pending(120, None)),
            Approval::Approved(Approved::stored(binding(seconds), 1)),
            Approval::Ended(Requested { binding: binding(seconds), version: 1 }.end(Ending::Denied, NOW)),
            Approval::Acting(acting),
        ]
    };
    assert!(about(120).iter().all(|state| *state.binding() == binding(120)));
}

#[test]
fn a_failure_has_its_codes_sentence_or_the_refusals_and_want_of_an_answer_is_an_expiry() {
    let words = Code::Busy.sentence().to_owned();
    assert_eq!(Ending::failed(Code::Busy), Ending::Failed { code: Code::Busy, words });
    let own = Refusal::new(Code::Internal, "cause").saying("own words");
    assert_eq!(Ending::from(&own), Ending::Failed { code: Code::Internal, words: "own words".to_owned() });
    assert_eq!(Ending::from(&Refusal::new(Code::ApprovalExpired, "cause")), Ending::Expired);
}

#[test]
fn a_notice_has_name_code_and_the_seconds_that_are_left() {
    let notice = Notice::of(&binding(120), NOW.plus(20));
    assert_eq!((notice.reference, notice.expires_in_seconds), (binding(120).reference, 100));
    assert_eq!((notice.code.len(), notice.code), (6, binding(120).code()));
    let other = super::Binding { reference: ApprovalReference::of(&[8; 16]), ..binding(120) };
    assert_ne!(other.code(), binding(120).code());
}

#[test]
fn a_name_is_16_letters_and_a_persons_key_43() {
    let bytes = [0, 7, 8, 31, 32, 39, 255, 1, 2, 3, 4, 5, 6, 9, 10, 11];
    let name = ApprovalReference::of(&bytes);
    assert_eq!(name.as_str(), "AHJ9AH9BCDEFGKMN");
    assert_eq!(ApprovalReference::parse(name.as_str()), Some(name));
    for text in ["", "AAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAI", "aaaaaaaaaaaaaaaa"] {
        assert_eq!(ApprovalReference::parse(text), None, "{text}");
    }
    let key = PersonKey::of(&binding(120).subject);
    assert_eq!((key.as_str().len(), PersonKey::parse(key.as_str())), (43, Some(key.clone())));
    assert_eq!(PersonKey::parse("short"), None);
}
