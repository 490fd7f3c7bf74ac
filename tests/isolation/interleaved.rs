//! Calls of six people of two organizations, many in flight at once. The small counts are for every run of the tests; the
//! large ones are `make rounds`.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use acceptance::{Approvals, InProcess, Seeded, World, invocation_named};
use cli::laptop::account::KEYCARD_ROLE;
use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::Value;
use tokio::time::Instant;

use crate::calls::Call;
use crate::people::{Someone, arrived, ask_all};

const FEW: usize = 170;
const MANY: usize = 20_000;
/// In flight at once in one process, and what `AWS_LAMBDA_MAX_CONCURRENCY` says to each process.
const AT_ONCE: usize = 32;
const EVENTS_AT_ONCE: usize = 8;
const SEED: u64 = 20_261_126;
/// How long a request waits for its person, and when all are asked anew, which happens between two stretches.
const WAITING: (&str, &str) = ("APPROVAL_SECONDS", "300");
const RENEWAL: Duration = Duration::from_secs(100);
const A_STRETCH: usize = 1_000;

/// The handlers of both functions, each built once, as in one warm process.
struct OneProcess {
    groups: InProcess,
}

impl OneProcess {
    async fn answer(&self, approvals: &Approvals, call: &Call, number: usize) -> Value {
        let invocation = invocation_named(format!("call-{number}"), Duration::from_secs(20));
        let (answer, _) = match call.function {
            "okta-groups" => Box::pin(self.groups.handle_as(&call.event.0, &invocation)).await,
            _ => Box::pin(approvals.initiator.handle(&call.event.0.to_string(), &invocation)).await,
        };
        answer
    }
}

/// With the functions' own rights and a key in a file, or by keycards and with a key at KMS, as in a deployment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    OwnRights,
    Keycards,
}

async fn start(by: By) -> (Approvals, Vec<Someone>) {
    let settings = [("ciba-initiator", WAITING.0, WAITING.1)];
    let approvals = match by {
        By::OwnRights => Approvals::start_with(&settings).await,
        By::Keycards => Approvals::start_by_keycards(&settings).await,
    };
    // Okta's limit of a minute is not what this is about.
    for bucket in [devstack::okta::Bucket::UserGroups, devstack::okta::Bucket::Users] {
        approvals.world.laptop.stack.okta.set_rate(bucket, 1_000_000, 3_600);
    }
    let people = arrived(&approvals).await;
    (approvals, people)
}

/// Makes `count` calls, `at_once` of them in flight, and looks at every answer and at what the upstreams were asked.
async fn interleave<A>(approvals: &Approvals, people: &mut [Someone], count: usize, at_once: usize, answer: A)
where
    A: AsyncFn(&Call, usize) -> Value,
{
    let mut seeded = Seeded(SEED);
    let (mut expected, mut asked, mut asked_at) = (Vec::new(), 1, Instant::now());
    for first in (0..count).step_by(A_STRETCH) {
        if asked_at.elapsed() > RENEWAL {
            ask_all(approvals, people).await;
            (asked, asked_at) = (asked + 1, Instant::now());
        }
        let people = &*people;
        let numbers = first..count.min(first + A_STRETCH);
        let calls = numbers.map(|number| (number, Call::next(approvals, people, &mut seeded)));
        let answered = stream::iter(calls).map(async |(number, call)| {
            let answer = answer(&call, number).await;
            call.judge(people, &answer);
            call.reads.as_ref().map(|whose| (call.caller(people).login.clone(), whose.clone()))
        });
        expected.extend(answered.buffer_unordered(at_once).filter_map(async |read| read).collect::<Vec<_>>().await);
    }
    let stack = &approvals.world.laptop.stack;
    let mut reads = stack.okta.group_reads();
    reads.sort_unstable();
    expected.sort_unstable();
    assert!(reads == expected, "every read at Okta was made with the token of the person it was for, and once");
    let counts = approvals.world.counts();
    assert_eq!(counts.okta, u64::try_from(expected.len()).unwrap());
    assert_eq!(counts.auth0_tokens, 6, "one exchange for each person: {counts:?}");
    assert_eq!(stack.auth0.starts(), 24 * asked, "nobody is asked twice: {counts:?}");
    println!("{count} calls, {at_once} at once: {} reads at Okta, {counts:?}", expected.len());
    if approvals.world.laptop.environment("okta-groups")["KEYCARDS"] == "on" {
        each_keycard_is_one_persons(approvals, people);
    }
}

/// What a keycard's tags say is all that its policy names, and no request by one was about anything else: the doubles judge each
/// by the role's policy, which demands that row and tag are equal, and by the session's.
fn each_keycard_is_one_persons(approvals: &Approvals, people: &[Someone]) {
    let iam = &approvals.world.laptop.stack.security.iam;
    let tags: Vec<[String; 2]> = people.iter().map(Someone::tags).collect();
    let keycards: Vec<_> = iam.sessions().into_iter().filter(|session| session.role == KEYCARD_ROLE).collect();
    assert!(keycards.len() > 2 * people.len(), "{}", keycards.len());
    for keycard in keycards {
        let (policy, person) = (keycard.policy.unwrap(), &keycard.tags["person"]);
        let own = tags.iter().find(|[of, _]| of == person).unwrap();
        assert!(keycard.tags["session"] == "none" || keycard.tags["session"] == own[1], "another's session");
        for others in tags.iter().filter(|others| *others != own) {
            assert!(!others.iter().any(|tag| policy.contains(tag)), "another's row");
        }
    }
    let refused: Vec<_> = iam.decisions().into_iter().filter(|decision| !decision.allowed).collect();
    assert!(refused.is_empty(), "{refused:?}");
    let by_functions = iam.decisions().into_iter().filter(|decision| decision.action.starts_with("dynamodb:"));
    let (all, keyed) = by_functions
        .fold((0, 0), |(all, keyed), decision| (all + 1, keyed + usize::from(decision.caller.contains(KEYCARD_ROLE))));
    assert!(all > 0 && all == keyed, "{keyed} of {all} by keycards");
}

async fn in_one_process(count: usize, by: By) {
    let (approvals, mut people) = start(by).await;
    let process = OneProcess { groups: approvals.world.okta_groups().await };
    approvals.world.host("fga-authorizer", "fga-authorizer", EVENTS_AT_ONCE, &[]).await;
    forget(&approvals);
    let answer = async |call: &Call, number: usize| process.answer(&approvals, call, number).await;
    interleave(&approvals, &mut people, count, AT_ONCE, answer).await;
}

async fn in_processes_that_take_eight(count: usize, by: By) {
    let (approvals, mut people) = start(by).await;
    let world = &approvals.world;
    for function in ["fga-authorizer", "okta-groups"] {
        world.host(function, function, EVENTS_AT_ONCE, &[]).await;
    }
    world.host("ciba-initiator", "ciba-initiator", EVENTS_AT_ONCE, &[WAITING]).await;
    let called = Mutex::new(BTreeMap::<&str, usize>::new());
    let answer = async |call: &Call, _: usize| {
        *called.lock().unwrap().entry(call.function).or_default() += 1;
        world.invoke(call.function, &call.event.0).await
    };
    let checks = || world.laptop.stack.lambda.calls("fga-authorizer");
    let (before, checked) = (outcomes(world), checks());
    forget(&approvals);
    interleave(&approvals, &mut people, count, 2 * EVENTS_AT_ONCE, answer).await;
    let mut expected = called.into_inner().unwrap();
    assert_eq!(expected.values().sum::<usize>(), count);
    expected.insert("fga-authorizer", usize::try_from(checks() - checked).unwrap());
    let after = outcomes(world);
    for (function, calls) in expected {
        let lines =
            after.get(function).copied().unwrap_or_default() - before.get(function).copied().unwrap_or_default();
        assert_eq!(lines, calls, "one line for each call of {function}");
    }
    let lines = world.logs();
    for someone in &people {
        let told = lines.iter().find(|line| line.contains(someone.word));
        assert_eq!(told, None, "a log names nobody");
        assert!(lines.iter().any(|line| line.contains(&someone.hash())), "it is their log");
    }
}

/// The outcomes' lines of each function.
fn outcomes(world: &World) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for line in world.logs().iter().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        if line["event"] == "outcome" {
            *found.entry(line["function"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    found
}

fn forget(approvals: &Approvals) {
    approvals.world.forget();
    approvals.world.laptop.stack.security.iam.forget();
}

#[tokio::test]
async fn no_answer_of_a_warm_process_carries_anything_of_another_person() {
    Box::pin(in_one_process(FEW, By::OwnRights)).await;
}

#[tokio::test]
async fn no_answer_of_processes_that_take_eight_events_at_once_carries_anything_of_another_person() {
    Box::pin(in_processes_that_take_eight(FEW, By::OwnRights)).await;
}

#[tokio::test]
async fn by_keycards_no_answer_of_a_warm_process_carries_anything_of_another_person() {
    Box::pin(in_one_process(FEW, By::Keycards)).await;
}

#[tokio::test]
async fn by_keycards_no_answer_of_processes_that_take_eight_events_at_once_carries_anything_of_another_person() {
    Box::pin(in_processes_that_take_eight(FEW, By::Keycards)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: make rounds"]
async fn of_twenty_thousand_answers_of_a_warm_process_none_carries_anything_of_another_person() {
    Box::pin(in_one_process(MANY, By::OwnRights)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: make rounds"]
async fn of_twenty_thousand_answers_of_processes_that_take_eight_none_carries_anything_of_another_person() {
    Box::pin(in_processes_that_take_eight(MANY, By::OwnRights)).await;
}
