//! Our own model: every relation under every kind of grant and stop.

use super::{Pair, infra_model, question, tuple};

#[tokio::test]
#[ignore = "needs OpenFGA's server: make conformance"]
async fn our_own_model_decides_alike_under_every_grant_and_stop() {
    let mut pair = Pair::start().await;
    let relations = [
        ("okta", "read_okta"),
        ("okta", "reset_password"),
        ("okta_user", "read_groups"),
        ("okta_user", "unlock"),
        ("okta_group", "manage_members"),
    ];
    let mut allowed = 0;
    for (kind, relation) in relations {
        let object = format!("{kind}:x");
        // Each bit is one tuple that is there or not.
        let tuples = [
            tuple("user:dora", relation, &object),
            tuple("group:helpdesk#member", relation, &object),
            tuple("user:dora", "member", "group:helpdesk"),
            tuple("user:dora", "stopped", "agent:every"),
            tuple("user:*", "stopped", "agent:A1"),
            tuple("user:dora", "stopped", "agent:A1"),
        ];
        for bits in 0..64_u32 {
            pair.renew().await;
            pair.written(&infra_model()).await;
            let there: Vec<_> =
                (0..).zip(&tuples).filter(|(bit, _)| bits >> bit & 1 == 1).map(|(_, key)| key).collect();
            if !there.is_empty() {
                let body = serde_json::json!({"writes": {"tuple_keys": there}});
                let (double, engine) = pair.ask("/stores/STORE/write", &body).await;
                assert_eq!((double, engine.clone()), (engine, serde_json::json!({"status": 200})));
            }
            for agents in [&["every"][..], &["every", "A1"], &["every", "A2"]] {
                let via: Vec<_> = agents.iter().map(|agent| tuple(&format!("agent:{agent}"), "via", &object)).collect();
                for user in ["user:dora", "user:emil"] {
                    let body = question(&tuple(user, relation, &object), &via);
                    let (double, engine) = pair.ask("/stores/STORE/check", &body).await;
                    assert_eq!(double, engine, "{kind}#{relation} of {user} by {agents:?} with {there:?}");
                    assert_eq!(engine["status"], 200);
                    allowed += usize::from(engine["allowed"] == true);
                }
            }
        }
    }
    println!("openfga, our own model: {} answers compared, {allowed} of them yes, 0 differences", pair.compared);
    assert!(allowed > 100);
}
