use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::{Door, GatewayStatement, Minter, Origin, Statement, Ticket, TicketKeys};
use crate::canonical::ArgumentsHash;
use crate::id::{Agent, Organization, SessionReference};
use crate::refusal::Code;
use crate::subject::Subject;
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn minter(kid: &str, seed: u8) -> Minter {
    Minter::from_seed("web", kid, &[seed; 32]).unwrap()
}

fn keys() -> TicketKeys {
    let setting = json!({"minters": [
        {"name": "web", "doors": ["function-details"], "jwks": {"keys": [minter("w1", 1).public_jwk(), minter("w2", 2).public_jwk()]}},
        {"name": "ops", "doors": ["open-api"], "jwks": {"keys": [Minter::from_seed("ops", "o1", &[3; 32]).unwrap().public_jwk()]}},
    ]});
    TicketKeys::parse(&setting.to_string()).unwrap()
}

fn agent() -> Agent {
    Agent { id: "AGENT12345".to_owned(), alias: "ALIAS67890".to_owned() }
}

fn session() -> SessionReference {
    SessionReference::parse("2f0d7a9e-session").unwrap()
}

fn claims() -> Value {
    json!({"iss": "web", "aud": "mandate-tools", "iat": NOW.seconds(), "exp": NOW.seconds() + 300,
           "sub": "oidc|okta-oidc|00u1", "sub_iss": "https://tenant.example/", "org_id": "org_acme",
           "agent_id": "AGENT12345", "agent_alias": "ALIAS67890", "sid": session().hash().as_str()})
}

fn header() -> Value {
    json!({"alg": "EdDSA", "typ": "mandate-ticket+jwt", "kid": "w1"})
}

fn verify(minter: &Minter, header: &Value, claims: &Value) -> Result<Ticket, Code> {
    let (agent, session) = (agent(), session());
    let origin = Origin { door: Door::FunctionDetails, agent: &agent, session: &session };
    Ticket::verify(&minter.sign(header, claims), &keys(), &origin, NOW).map_err(|refusal| refusal.code())
}

#[test]
fn a_minted_ticket_says_what_was_stated() {
    let subject = Subject::new("https://tenant.example/", "oidc|okta-oidc|00u1").unwrap();
    let organization = Organization("org_acme".to_owned());
    let (agent, session) = (agent(), session());
    let hash = session.hash();
    let statement = Statement { subject: &subject, organization: Some(&organization), agent: &agent, session: &hash };
    let token = minter("w2", 2).mint(&statement, NOW, 300);
    let origin = Origin { door: Door::FunctionDetails, agent: &agent, session: &session };
    let ticket = Ticket::verify(&token, &keys(), &origin, NOW).unwrap();
    assert_eq!(*ticket.subject(), subject);
    assert_eq!(ticket.organization(), Some(&organization));
    assert_eq!(*ticket.session(), hash);
    assert_eq!(*ticket.agent(), agent);
}

#[test]
fn every_bent_claim_is_auth_required() {
    assert!(verify(&minter("w1", 1), &header(), &claims()).is_ok());
    let now = NOW.seconds();
    for (name, value) in [
        ("exp", json!(now - 31)),
        ("exp", json!(now + 601)),
        ("exp", json!("soon")),
        ("iat", json!(now + 120)),
        ("aud", json!("another")),
        ("iss", json!("ops")),
        ("agent_id", json!("AGENT99999")),
        ("agent_alias", json!("ALIAS99999")),
        ("sid", json!(SessionReference::parse("another-session").unwrap().hash().as_str())),
        ("sid", json!("short")),
        ("sub", json!("")),
        ("sub_iss", json!("")),
        ("org_id", json!(["org_acme"])),
        ("tool", json!("okta-groups___list_groups")),
        ("args", json!("0000000000000000000000000000000000000000000")),
    ] {
        let mut bent = claims();
        bent[name] = value.clone();
        assert_eq!(verify(&minter("w1", 1), &header(), &bent).err(), Some(Code::AuthRequired), "{name} = {value}");
    }
}

#[test]
fn every_missing_claim_but_the_organization_is_auth_required() {
    for name in ["iss", "aud", "iat", "exp", "sub", "sub_iss", "agent_id", "agent_alias", "sid"] {
        let mut bent = claims();
        bent.as_object_mut().unwrap().remove(name);
        assert_eq!(verify(&minter("w1", 1), &header(), &bent).err(), Some(Code::AuthRequired), "without {name}");
    }
    let mut personal = claims();
    personal.as_object_mut().unwrap().remove("org_id");
    assert!(verify(&minter("w1", 1), &header(), &personal).unwrap().organization().is_none());
}

#[test]
fn a_ticket_needs_a_known_key_its_own_type_and_the_key_it_names() {
    for bent in [
        json!({"alg": "EdDSA", "typ": "mandate-ticket+jwt", "kid": "w9"}),
        json!({"alg": "EdDSA", "typ": "mandate-ticket+jwt", "kid": "w2"}),
        json!({"alg": "EdDSA", "typ": "mandate-ticket+jwt"}),
        json!({"alg": "EdDSA", "typ": "JWT", "kid": "w1"}),
        json!({"alg": "none", "typ": "mandate-ticket+jwt", "kid": "w1"}),
        json!({"alg": "HS256", "typ": "mandate-ticket+jwt", "kid": "w1"}),
    ] {
        assert_eq!(verify(&minter("w1", 1), &bent, &claims()).err(), Some(Code::AuthRequired), "{bent}");
    }
}

#[test]
fn a_minter_of_another_door_is_refused() {
    let ops = Minter::from_seed("ops", "o1", &[3; 32]).unwrap();
    let mut statement = claims();
    statement["iss"] = json!("ops");
    let header = json!({"alg": "EdDSA", "typ": "mandate-ticket+jwt", "kid": "o1"});
    assert_eq!(verify(&ops, &header, &statement).err(), Some(Code::AuthRequired));
}

#[test]
fn a_ticket_lives_as_long_as_was_said_and_ten_minutes_at_most() {
    let subject = Subject::new("https://tenant.example/", "auth0|alice").unwrap();
    let (agent, session) = (agent(), session());
    let hash = session.hash();
    let statement = Statement { subject: &subject, organization: None, agent: &agent, session: &hash };
    let origin = Origin { door: Door::FunctionDetails, agent: &agent, session: &session };
    // With the leeway of 30 seconds.
    for (seconds, ends) in [(60, 90), (600, 630), (86_400, 630)] {
        let token = minter("w1", 1).mint(&statement, NOW, seconds);
        let good = |after| Ticket::verify(&token, &keys(), &origin, NOW.plus(after)).is_ok();
        assert!(good(ends - 1) && !good(ends), "{seconds}");
        let ticket = Ticket::verify(&token, &keys(), &origin, NOW).unwrap();
        assert_eq!((ticket.holder().subject(), ticket.holder().agent()), (&subject, &agent));
    }
    assert!(Minter::from_seed("web", "w1", &[1; 31]).is_none());
}

#[test]
fn two_minters_of_one_name_or_a_key_without_a_name_are_a_problem() {
    let jwk = |kid: &str, seed| minter(kid, seed).public_jwk();
    let setting = |name: &str| {
        json!({"minters": [{"name": "web", "doors": ["open-api"], "jwks": {"keys": [jwk("a", 1)]}},
                           {"name": name, "doors": ["open-api"], "jwks": {"keys": [jwk("b", 2)]}}]})
    };
    assert!(TicketKeys::parse(&setting("ops").to_string()).is_ok());
    assert!(TicketKeys::parse(&setting("web").to_string()).is_err());
    let mut nameless = jwk("a", 1);
    nameless.as_object_mut().unwrap().remove("kid");
    let nameless = json!({"minters": [{"name": "web", "doors": ["open-api"], "jwks": {"keys": [nameless]}}]});
    assert!(TicketKeys::parse(&nameless.to_string()).is_err());
}

#[test]
fn a_key_setting_with_three_keys_or_one_key_twice_is_a_problem() {
    let jwk = |kid: &str, seed| minter(kid, seed).public_jwk();
    for setting in [
        json!({"minters": [{"name": "web", "doors": ["open-api"], "jwks": {"keys": [jwk("a", 1), jwk("b", 2), jwk("c", 3)]}}]}),
        json!({"minters": [{"name": "web", "doors": ["open-api"], "jwks": {"keys": []}}]}),
        json!({"minters": [{"name": "web", "doors": ["open-api"], "jwks": {"keys": [jwk("a", 1)]}},
                           {"name": "ops", "doors": ["open-api"], "jwks": {"keys": [jwk("a", 2)]}}]}),
        json!({"minters": [{"name": "web", "doors": ["window"], "jwks": {"keys": [jwk("a", 1)]}}]}),
    ] {
        assert!(TicketKeys::parse(&setting.to_string()).is_err(), "{setting}");
    }
}

// J24
#[test]
fn what_we_sign_is_for_one_audience_of_our_own() {
    let subject = Subject::new("https://tenant.example/", "oidc|okta-oidc|00u1").unwrap();
    let (agent, session) = (agent(), session().hash());
    let arguments = ArgumentsHash::of(&Map::new()).unwrap();
    let statement = Statement { subject: &subject, organization: None, agent: &agent, session: &session };
    let (gateway, tool) = ("gw-one-abc1234567", "okta___list_groups");
    let call = GatewayStatement {
        subject: &subject,
        organization: None,
        session: None,
        gateway,
        tool,
        arguments: &arguments,
        reach: None,
    };
    let minter = minter("w1", 1);
    for token in [minter.mint(&statement, NOW, 300), minter.mint_for_gateway(&call, NOW).unwrap()] {
        let claims = URL_SAFE_NO_PAD.decode(token.expose().split('.').nth(1).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["aud"], "mandate-tools");
    }
}
