//! One token that is due, and 2 to 100 callers at once in four processes. The small counts are for every run of the tests;
//! the large ones are `make rounds`.

use acceptance::{Chatting, World, body_of, error_of};
use devstack::auth0::Lifetimes;
use devstack::fault::{Effect, Fault};
use devstack::okta::Bucket;
use devstack::sample::CONNECTION;
use devstack::stack::SESSION_TABLE;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};

const MANY: usize = 1_000;
/// Races that are run beside each other, because whoever waits for a token sleeps. Each has a world of its own.
const RACES: usize = 4;
const PROCESSES: [&str; 4] = ["okta-groups", "okta-groups-2", "okta-groups-3", "okta-groups-4"];
const EXCHANGE: &str = "POST /oauth/token";

/// What happens to the exchange of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Nothing.
    Plain,
    /// Auth0 has made it, and its answer is lost: it is repeated once, under the same lease.
    Lost,
    /// Who made it stalls past the lease.
    Stalled,
}

/// Four processes that take 25 events at once each, and alice, whose row can be put back to what it was.
struct Race {
    world: World,
    alice: Chatting,
    /// The row without a token of the provider, and the row with one that is in its last minute.
    due: [Value; 2],
}

impl Race {
    async fn start() -> Self {
        let world = World::start_cold(&[]).await;
        for process in PROCESSES {
            world.host(process, "okta-groups", 25, &[]).await;
        }
        world.host("fga-authorizer", "fga-authorizer", 25, &[]).await;
        world.laptop.stack.okta.set_rate(Bucket::UserGroups, 1_000_000, 3_600);
        let alice = world.chatting("alice").await;
        let absent = world.stored(&alice).await;
        live(&world, Some(59));
        assert_eq!(error_of(&world.invoke("okta-groups", &world.call(&alice).0).await), None);
        let expired = world.stored(&alice).await;
        live(&world, None);
        Self { world, alice, due: [absent, expired] }
    }

    /// The token is due: the row has none or an old one, what Okta gave before has ended, and Auth0 keeps none.
    async fn make_due(&self, round: usize) -> u64 {
        let (row, stack) = (&self.due[round % 2], &self.world.laptop.stack);
        let put = json!({"TableName": SESSION_TABLE, "Item": row});
        stack.dynamodb.raw("PutItem", put).await.unwrap();
        stack.okta.expire_access_tokens();
        stack.auth0.forget_provider_token(&self.alice.person.sub(), CONNECTION);
        self.world.forget();
        version(row)
    }

    /// So many callers at once, spread over the processes.
    async fn call(&self, callers: usize) -> Vec<Value> {
        let event = self.world.call(&self.alice).0;
        let call = |number: usize| self.world.invoke(PROCESSES[number % PROCESSES.len()], &event);
        join_all((0..callers).map(call)).await
    }

    /// As soon as somebody is at the exchange, their lease is over, as it is fifteen seconds after it was taken.
    async fn end_the_lease(&self) {
        self.world.until(|counts| counts.auth0_tokens == 1).await;
        let ended = self.world.laptop.clock.now().minus(1).seconds().to_string();
        let update = json!({
            "TableName": SESSION_TABLE,
            "Key": {"session_id": {"S": self.alice.signed.session.hash().as_str()}},
            "UpdateExpression": "SET lease_until = :ended",
            "ConditionExpression": "attribute_exists(lease_until)",
            "ExpressionAttributeValues": {":ended": {"N": ended}},
        });
        self.world.laptop.stack.dynamodb.raw("UpdateItem", update).await.unwrap();
    }

    /// One expiry. How many callers were told that somebody else is still at it, and how many holders were overtaken.
    async fn round(&self, round: usize, callers: usize, way: Way) -> (usize, usize) {
        let why = format!("round {round}, {callers} callers, {way:?}");
        let (world, before) = (&self.world, self.make_due(round).await);
        let fault = |effect| Fault { on: EXCHANGE.to_owned(), times: Some(1), skip: 0, effect };
        match way {
            Way::Plain => {}
            Way::Lost => {
                world.laptop.stack.auth0.double.fault(fault(Effect::AnswerAfter { status: 503, body: String::new() }))
            }
            Way::Stalled => world.laptop.stack.auth0.double.fault(fault(Effect::Delay { ms: 600 })),
        }
        let answers = match way {
            Way::Plain | Way::Lost => self.call(callers).await,
            Way::Stalled => join(self.call(callers), self.end_the_lease()).await.0,
        };
        world.laptop.stack.auth0.double.mend();
        let busy = answers.iter().filter(|answer| error_of(answer).as_deref() == Some("busy")).count();
        for answer in answers.iter().filter(|answer| error_of(answer).as_deref() != Some("busy")) {
            let groups = json!(["Everyone", "Engineering", "VPN users"]);
            assert_eq!(body_of(answer)["groups"], groups, "{why}: {answer}");
        }
        let exchanges = world.counts().auth0_tokens;
        // Where the others came too late to overtake who stalled, there is one exchange.
        let overtaken = way == Way::Stalled && exchanges == 2;
        let sent = if way == Way::Lost || overtaken { 2 } else { 1 };
        assert_eq!(exchanges, sent, "{why}");
        let row = world.stored(&self.alice).await;
        assert!(
            row.get("lease_holder").is_none() && row.get("lease_until").is_none(),
            "{why}: the lease was given back"
        );
        // Each holder's lease is a write, and so is what is stored; who was overtaken stores nothing.
        let writes = if overtaken { 3 } else { 2 };
        assert_eq!(version(&row), before + writes, "{why}");
        assert_ne!(row["sealed"], self.due[round % 2]["sealed"], "{why}");
        // Okta takes no token but the newest.
        world.forget();
        assert_eq!(error_of(&self.call(1).await[0]), None, "{why}");
        let counts = world.counts();
        assert_eq!((counts.auth0_tokens, counts.okta), (0, 1), "{why}: the newest token is stored");
        (busy, usize::from(overtaken))
    }
}

/// Tokens that the vault gives from now on live so many seconds, or as long as Okta says.
fn live(world: &World, seconds: Option<u64>) {
    let auth0 = &world.laptop.stack.auth0;
    auth0.set_lifetimes(Lifetimes { federated: seconds, ..auth0.lifetimes() });
}

fn version(row: &Value) -> u64 {
    row["version"]["N"].as_str().unwrap().parse().unwrap()
}

/// Mostly few callers, now and then many, once in a hundred rounds a hundred of them.
fn callers(round: usize) -> usize {
    match round % 100 {
        99 => 100,
        49 => 50,
        number if number % 10 == 9 => 25,
        number => 2 + number % 7,
    }
}

/// Most rounds are plain; every tenth loses an answer, every twentieth has a holder that stalls.
fn way(round: usize) -> Way {
    match round % 20 {
        4 | 14 => Way::Lost,
        8 => Way::Stalled,
        _ => Way::Plain,
    }
}

/// One exchange for each expiry, whoever is first; nobody is signed out; the row has the newest token and no lease.
// O09
#[tokio::test]
async fn o09_of_many_callers_in_several_processes_one_renews_the_token_and_all_are_answered() {
    let race = Race::start().await;
    for (round, (callers, way)) in
        [(2, Way::Plain), (8, Way::Plain), (4, Way::Lost), (3, Way::Stalled)].into_iter().enumerate()
    {
        assert_eq!(race.round(round, callers, way).await.0, 0, "all are answered");
    }
}

/// The same a thousand times, with up to a hundred callers.
// O09
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: make rounds"]
async fn o09_a_thousand_times_one_of_up_to_a_hundred_callers_renews_the_token() {
    let rounds_of = async |first: usize| {
        let (race, mut seen) = (Race::start().await, (0, 0));
        for round in (first..MANY).step_by(RACES) {
            let (busy, overtaken) = race.round(round, callers(round), way(round)).await;
            seen = (seen.0 + busy, seen.1 + overtaken);
        }
        seen
    };
    let seen = join_all((0..RACES).map(rounds_of)).await;
    let (busy, overtaken) = seen.into_iter().fold((0, 0), |sum, seen| (sum.0 + seen.0, sum.1 + seen.1));
    let calls: usize = (0..MANY).map(callers).sum();
    println!(
        "refresh by 2 to 100 callers in four processes: {MANY} rounds, {calls} calls, {busy} told to come again, {overtaken} holders overtaken"
    );
    assert!(overtaken > 0);
}
