//! An answer of OpenFGA to a check: a yes only out of a 200 whose object has the boolean `allowed`: `true`.
#![no_main]

use std::cell::LazyCell;
use std::time::Duration;

use auth::time::Clock;
use libfuzzer_sys::fuzz_target;
use mandate_fuzz::NOW;
use mandate_fuzz::answering::{Asking, Given, answer};
use mandate_fuzz::mandate::check;
use serde_json::{Value, json};
use tokio::time::Instant;
use upstream_http::openfga::{OpenFga, Settings};

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

thread_local! {
    static CLIENT: LazyCell<(Asking, OpenFga)> = LazyCell::new(|| {
        let asking = Asking::new();
        let id = "01HVMMBCMGZNT3SED4Z17ECXCA".to_owned();
        let settings =
            Settings { api: asking.base.clone(), store_id: id.clone(), model_id: id, credentials: None };
        let client = OpenFga::new(asking.transport.clone(), settings, Clock::new(|| NOW)).unwrap();
        (asking, client)
    });
}

fuzz_target!(|input: &[u8]| {
    let given = Given::of(input);
    answer(&given);
    let outcome = CLIENT.with(|client| {
        let (asking, client) = &**client;
        asking.runtime.block_on(async {
            // So near that nobody waits after a 429.
            let until = Instant::now() + Duration::from_secs(2);
            client.check(&check(), None, TRACE, until).await
        })
    });
    if let Ok(allowed) = outcome {
        assert_eq!(given.status, 200);
        let said = given.json();
        assert!(matches!(&said, Value::Object(members) if members.get("allowed") == Some(&json!(allowed))));
    }
});
