//! Where a call can meet a fault, in the order of its way.

use acceptance::{Counts, World};
use devstack::fault::Fault;
use devstack::sample::CONNECTION;
use serde_json::{Value, json};

/// A pointer into an answer, the value that is put there, and the codes that are right then.
pub(super) type Bend = (&'static str, Value, &'static [&'static str]);

/// One request that a call makes.
pub(super) struct Place {
    pub(super) name: &'static str,
    /// Start of its request line.
    pub(super) on: &'static str,
    /// How many requests with that line come before it.
    pub(super) skip: u32,
    /// The double it goes to.
    pub(super) fault: fn(&World, Fault),
    /// What must be so that the request is made.
    pub(super) prepare: fn(&World),
    /// How often such a request was made, the skipped ones included.
    pub(super) asked: fn(&World) -> u64,
    /// The most that are right: one, what is repeated once, and what a way back to the step before asks again.
    pub(super) most: u64,
    /// What must not have been asked when the call is refused here.
    pub(super) beyond: fn(&Counts) -> u64,
    /// Values of another type or meaning, by pointer into its answer, and the codes that are right for each.
    pub(super) bends: fn() -> Vec<Bend>,
    /// Members without which its answer is none, and the codes that are right for each.
    pub(super) members: &'static [(&'static str, &'static [&'static str])],
}

pub(super) const UNAVAILABLE: &[&str] = &["unavailable"];
pub(super) const SIGN_IN: &[&str] = &["auth_required"];
const SETUP: &[&str] = &["internal"];
pub(super) const OK: &[&str] = &["ok"];

fn nothing(_: &World) {}
fn at_dynamodb(world: &World, fault: Fault) {
    world.laptop.stack.dynamodb.fault(fault);
}
fn at_lambda(world: &World, fault: Fault) {
    world.laptop.stack.lambda.double.fault(fault);
}
fn at_openfga(world: &World, fault: Fault) {
    world.laptop.stack.openfga.double.fault(fault);
}
fn at_auth0(world: &World, fault: Fault) {
    world.laptop.stack.auth0.double.fault(fault);
}
fn at_okta(world: &World, fault: Fault) {
    world.laptop.stack.okta.double.fault(fault);
}
fn updates(world: &World) -> u64 {
    world.laptop.stack.dynamodb.requests_by_operation("UpdateItem")
}
fn after_the_row(counts: &Counts) -> u64 {
    counts.checks + after_the_check(counts)
}
fn after_the_check(counts: &Counts) -> u64 {
    counts.auth0_tokens + counts.okta
}
pub(super) fn no_bends() -> Vec<Bend> {
    Vec::new()
}

impl Place {
    /// Whose requests it is one of.
    pub(super) fn upstream(&self) -> &'static str {
        match self.name {
            "authorizer" => "lambda",
            "check" | "authorizer's token" => "openfga",
            "exchange" => "auth0",
            "groups" | "second page" => "okta",
            "keycard" => "sts",
            "row's key" | "new key" => "kms",
            _ => "dynamodb",
        }
    }

    /// Whether it comes before, with or after what the call is about.
    pub(super) fn when(&self) -> &'static str {
        match self.name {
            "groups" | "second page" => "during",
            "record" => "after",
            _ => "before",
        }
    }
}

pub(super) const PLACES: [Place; 10] = [
    Place {
        name: "session read",
        on: "POST /GetItem",
        skip: 0,
        fault: at_dynamodb,
        prepare: nothing,
        asked: |world| world.laptop.stack.dynamodb.requests_by_operation("GetItem"),
        most: 2,
        beyond: after_the_row,
        bends: || {
            vec![
                ("/Item/session_id", json!({"S": "another"}), SIGN_IN),
                ("/Item/subject", json!({"S": "oidc|okta-oidc|00u1carol"}), SIGN_IN),
                ("/Item/issuer", json!({"N": "7"}), SIGN_IN),
                ("/Item/org_id", json!({"S": "org_other"}), SIGN_IN),
                ("/Item/expires_at", json!({"N": "1"}), SIGN_IN),
                ("/Item/expires_at", json!({"N": "-1"}), SIGN_IN),
                ("/Item/version", json!({"S": "1"}), SIGN_IN),
                ("/Item/sealed", json!({"B": "AAAA"}), SIGN_IN),
                ("/Item/sealed", json!("text"), UNAVAILABLE),
                ("/Item", json!([]), UNAVAILABLE),
                ("/Item", Value::Null, SIGN_IN),
            ]
        },
        members: &[
            ("/Item", SIGN_IN),
            ("/Item/issuer", SIGN_IN),
            ("/Item/subject", SIGN_IN),
            ("/Item/org_id", SIGN_IN),
            ("/Item/expires_at", SIGN_IN),
            ("/Item/version", SIGN_IN),
            ("/Item/sealed", SIGN_IN),
        ],
    },
    Place {
        name: "authorizer",
        on: "POST /2015-03-31/functions/fga-authorizer",
        skip: 0,
        fault: at_lambda,
        prepare: nothing,
        asked: |world| world.laptop.stack.lambda.double.requests_to("POST /2015-03-31/functions/fga-authorizer"),
        most: 2,
        beyond: after_the_check,
        bends: || {
            vec![
                ("/isAuthorized", json!("true"), UNAVAILABLE),
                ("/isAuthorized", json!(1), UNAVAILABLE),
                ("/isAuthorized", Value::Null, UNAVAILABLE),
                ("/isAuthorized", json!([true]), UNAVAILABLE),
                ("/isAuthorized", json!(false), UNAVAILABLE),
                ("/statusCode", json!("200"), UNAVAILABLE),
                ("/statusCode", json!(500), UNAVAILABLE),
                ("/reason", json!("denied"), UNAVAILABLE),
                ("/reason", json!("because"), UNAVAILABLE),
                ("/check/user", json!("somebody-else"), UNAVAILABLE),
                ("/check/object", json!("okta:users"), UNAVAILABLE),
                ("/check", Value::Null, UNAVAILABLE),
                ("/modelId", json!(7), UNAVAILABLE),
            ]
        },
        members: &[
            ("/isAuthorized", UNAVAILABLE),
            ("/statusCode", UNAVAILABLE),
            ("/reason", UNAVAILABLE),
            ("/check", UNAVAILABLE),
            ("/modelId", UNAVAILABLE),
        ],
    },
    Place {
        name: "check",
        on: "POST /stores/",
        skip: 0,
        fault: at_openfga,
        prepare: nothing,
        asked: |world| world.counts().checks,
        most: 2,
        beyond: after_the_check,
        bends: || {
            vec![
                ("/allowed", json!("true"), UNAVAILABLE),
                ("/allowed", json!(1), UNAVAILABLE),
                ("/allowed", Value::Null, UNAVAILABLE),
                ("/allowed", json!([]), UNAVAILABLE),
                ("/allowed", json!({"allowed": true}), UNAVAILABLE),
                ("/allowed", json!(false), &["access_denied"]),
            ]
        },
        members: &[("/allowed", UNAVAILABLE)],
    },
    Place {
        name: "authorizer's token",
        on: "POST /oauth/token",
        skip: 0,
        fault: at_openfga,
        prepare: |world| world.laptop.stack.openfga.revoke_tokens(),
        asked: |world| world.counts().fga_tokens,
        most: 2,
        beyond: after_the_check,
        bends: || {
            vec![
                ("/access_token", json!(7), UNAVAILABLE),
                ("/access_token", json!(""), UNAVAILABLE),
                ("/access_token", json!("of-somebody-else"), SETUP),
                ("/expires_in", json!("3600"), UNAVAILABLE),
                ("/expires_in", json!(-1), UNAVAILABLE),
                ("/token_type", json!("mac"), UNAVAILABLE),
            ]
        },
        members: &[("/access_token", UNAVAILABLE), ("/expires_in", UNAVAILABLE), ("/token_type", UNAVAILABLE)],
    },
    Place {
        name: "lease",
        on: "POST /UpdateItem",
        skip: 0,
        fault: at_dynamodb,
        prepare: nothing,
        asked: updates,
        most: 2,
        beyond: after_the_check,
        bends: no_bends,
        members: &[],
    },
    Place {
        name: "exchange",
        on: "POST /oauth/token",
        skip: 0,
        fault: at_auth0,
        prepare: nothing,
        asked: |world| world.counts().auth0_tokens,
        most: 2,
        beyond: |counts| counts.okta,
        bends: || {
            vec![
                ("/access_token", json!(7), UNAVAILABLE),
                ("/access_token", json!(""), UNAVAILABLE),
                ("/access_token", json!("two words"), UNAVAILABLE),
                ("/expires_in", json!("3600"), UNAVAILABLE),
                ("/expires_in", json!(-1), UNAVAILABLE),
                ("/expires_in", json!(0), UNAVAILABLE),
                ("/expires_in", json!(1_000_000_000), UNAVAILABLE),
                ("/token_type", json!("mac"), UNAVAILABLE),
                ("/issued_token_type", json!("urn:ietf:params:oauth:token-type:refresh_token"), UNAVAILABLE),
                ("/scope", json!("openid"), &["reconnect_required"]),
                ("/scope", json!(7), UNAVAILABLE),
            ]
        },
        members: &[
            ("/access_token", UNAVAILABLE),
            ("/expires_in", UNAVAILABLE),
            ("/token_type", UNAVAILABLE),
            ("/issued_token_type", OK),
            ("/scope", SETUP),
        ],
    },
    Place {
        name: "store",
        on: "POST /UpdateItem",
        skip: 1,
        fault: at_dynamodb,
        prepare: nothing,
        asked: updates,
        // The lease, the write, and giving the lease back.
        most: 3,
        beyond: |counts| counts.okta,
        bends: no_bends,
        members: &[],
    },
    Place {
        name: "groups",
        on: "GET /api/v1/users/",
        skip: 0,
        fault: at_okta,
        prepare: nothing,
        asked: |world| world.counts().okta,
        most: 2,
        beyond: |_| 0,
        bends: || {
            vec![
                ("/0/profile/name", json!(7), UNAVAILABLE),
                ("/0/profile/name", Value::Null, UNAVAILABLE),
                ("/0/profile", json!("text"), UNAVAILABLE),
                ("/0", json!(7), UNAVAILABLE),
            ]
        },
        members: &[("/0/profile/name", UNAVAILABLE), ("/0/profile", UNAVAILABLE), ("/0/id", OK)],
    },
    Place {
        name: "second page",
        on: "GET /api/v1/users/",
        skip: 1,
        fault: at_okta,
        // The vault keeps the provider's token between cells; a new one makes the cells alike.
        prepare: |world| {
            let sub = devstack::sample::Person::named("alice").map(|alice| alice.sub()).unwrap_or_default();
            world.laptop.stack.auth0.forget_provider_token(&sub, CONNECTION);
        },
        asked: |world| world.counts().okta,
        most: 4,
        beyond: |_| 0,
        bends: || vec![("/0/profile/name", json!([]), UNAVAILABLE)],
        members: &[("/0/profile", UNAVAILABLE)],
    },
    Place {
        name: "record",
        on: "POST /PutItem",
        skip: 0,
        fault: at_dynamodb,
        prepare: nothing,
        asked: |world| world.laptop.stack.dynamodb.requests_by_operation("PutItem"),
        // It is not repeated, and whatever becomes of it changes no answer.
        most: 1,
        beyond: |_| 0,
        bends: no_bends,
        members: &[],
    },
];
