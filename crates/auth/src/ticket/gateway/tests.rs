use serde_json::{Map, Value, json};

use crate::canonical::ArgumentsHash;
use crate::id::{Agent, Organization, SessionHash, SessionReference};
use crate::refusal::Code;
use crate::scope::Scopes;
use crate::subject::Subject;
use crate::ticket::{Door, GatewayOrigin, GatewayStatement, GatewayTicket, Minter, Origin, Reach, Ticket, TicketKeys};
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const GATEWAY: &str = "gw-one-abc1234567";
const TOOL: &str = "okta___list_groups";

fn minter() -> Minter {
    Minter::from_seed("gateway", "g1", &[4; 32]).unwrap()
}

fn keys(doors: &[&str]) -> TicketKeys {
    let minters = json!([{"name": "gateway", "doors": doors, "jwks": {"keys": [minter().public_jwk()]}}]);
    TicketKeys::parse(&json!({ "minters": minters }).to_string()).unwrap()
}

fn session() -> SessionReference {
    SessionReference::parse("2f0d7a9e-session").unwrap()
}

fn arguments() -> Map<String, Value> {
    Map::from_iter([("user".to_owned(), json!("bob@example.com")), ("limit".to_owned(), json!(20))])
}

fn claims() -> Value {
    json!({"iss": "gateway", "aud": "mandate-tools", "iat": NOW.seconds(), "exp": NOW.seconds() + 60,
           "sub": "auth0|alice", "sub_iss": "https://tenant.example/", "org_id": "org_acme", "agent_id": GATEWAY,
           "agent_alias": "okta", "tool": TOOL, "args": ArgumentsHash::of(&arguments()).unwrap().as_str(),
           "sid": session().hash().as_str()})
}

fn verify_at(claims: &Value, origin: &GatewayOrigin<'_>, now: Timestamp) -> Result<GatewayTicket, Code> {
    let token = minter().sign(&json!({"alg": "EdDSA", "typ": "mandate-ticket+jwt", "kid": "g1"}), claims);
    GatewayTicket::verify(&token, &keys(&["gateway-target"]), origin, now).map_err(|refusal| refusal.code())
}

fn verify(claims: &Value) -> Result<GatewayTicket, Code> {
    verify_at(claims, &GatewayOrigin { gateway: GATEWAY, tool: TOOL, arguments: &arguments() }, NOW)
}

fn minted(session: Option<&SessionHash>) -> GatewayTicket {
    minted_with(session, None)
}

fn minted_with(session: Option<&SessionHash>, reach: Option<&Reach>) -> GatewayTicket {
    let subject = Subject::new("https://tenant.example/", "auth0|alice").unwrap();
    let (organization, arguments) = (Organization("org_acme".to_owned()), arguments());
    let hash = ArgumentsHash::of(&arguments).unwrap();
    let organization = Some(&organization);
    let statement = GatewayStatement {
        subject: &subject,
        organization,
        session,
        gateway: GATEWAY,
        tool: TOOL,
        arguments: &hash,
        reach,
    };
    let token = minter().mint_for_gateway(&statement, NOW).unwrap();
    let origin = GatewayOrigin { gateway: GATEWAY, tool: TOOL, arguments: &arguments };
    let ticket = GatewayTicket::verify(&token, &keys(&["gateway-target"]), &origin, NOW).unwrap();
    assert_eq!(*ticket.holder().subject(), subject);
    assert_eq!(ticket.holder().organization(), organization);
    ticket
}

#[test]
fn a_minted_ticket_says_gateway_target_tool_and_session() {
    let hash = session().hash();
    let ticket = minted(Some(&hash));
    assert_eq!(*ticket.holder().agent(), Agent { id: GATEWAY.to_owned(), alias: "okta".to_owned() });
    assert_eq!(ticket.tool(), TOOL);
    assert_eq!(ticket.session(), Some(&hash));
    assert_eq!(*ticket.in_session().unwrap().session(), hash);
}

// M05
#[test]
fn without_a_session_it_is_good_for_no_row() {
    let ticket = minted(None);
    assert_eq!(ticket.session(), None);
    assert_eq!(ticket.in_session().err().map(|refusal| refusal.code()), Some(Code::AuthRequired));
}

#[test]
fn every_difference_from_the_event_is_auth_required() {
    assert!(verify(&claims()).is_ok());
    let bent = |name: &str, value: Value| {
        let mut arguments = arguments();
        arguments.insert(name.to_owned(), value);
        arguments
    };
    let fewer = Map::from_iter(arguments().into_iter().take(1));
    let (same, none) = (arguments(), Map::new());
    for (gateway, tool, arguments) in [
        ("gw-two-abc1234567", TOOL, &same),
        ("", TOOL, &same),
        (GATEWAY, "okta___reset_password", &same),
        (GATEWAY, "list_groups", &same),
        (GATEWAY, "other___list_groups", &same),
        (GATEWAY, "okta___list_groups ", &same),
        (GATEWAY, TOOL, &none),
        (GATEWAY, TOOL, &fewer),
        (GATEWAY, TOOL, &bent("user", json!("carol@example.com"))),
        (GATEWAY, TOOL, &bent("limit", json!("20"))),
        (GATEWAY, TOOL, &bent("limit", json!(20.5))),
        (GATEWAY, TOOL, &bent("more", json!(null))),
        (GATEWAY, TOOL, &bent("mandate_ticket", json!("x"))),
    ] {
        let outcome = verify_at(&claims(), &GatewayOrigin { gateway, tool, arguments }, NOW);
        assert_eq!(outcome.err(), Some(Code::AuthRequired), "{gateway} {tool} {arguments:?}");
    }
}

#[test]
fn every_bent_or_missing_claim_is_auth_required() {
    let now = NOW.seconds();
    for (name, value) in [
        ("exp", json!(now + 61)),
        ("exp", json!(now - 31)),
        ("iat", json!(now + 31)),
        ("agent_alias", json!("other")),
        ("agent_id", json!("AGENT12345")),
        ("tool", json!("okta___reset_password")),
        ("tool", json!([TOOL])),
        ("args", json!(null)),
        ("args", json!("0000000000000000000000000000000000000000000")),
        ("sid", json!(null)),
        ("sid", json!("short")),
        ("org_id", json!(1)),
    ] {
        let mut bent = claims();
        bent[name] = value.clone();
        assert_eq!(verify(&bent).err(), Some(Code::AuthRequired), "{name} = {value}");
    }
    for name in ["iss", "aud", "iat", "exp", "sub", "sub_iss", "agent_id", "agent_alias", "tool", "args"] {
        let mut bent = claims();
        bent.as_object_mut().unwrap().remove(name);
        assert_eq!(verify(&bent).err(), Some(Code::AuthRequired), "without {name}");
    }
}

#[test]
fn it_ends_after_a_minute_and_the_leeway() {
    let origin = GatewayOrigin { gateway: GATEWAY, tool: TOOL, arguments: &arguments() };
    assert!(verify_at(&claims(), &origin, NOW.plus(89)).is_ok());
    assert_eq!(verify_at(&claims(), &origin, NOW.plus(90)).err(), Some(Code::AuthRequired));
}

#[test]
fn a_ticket_of_one_door_is_good_at_no_other() {
    let agent = Agent { id: GATEWAY.to_owned(), alias: "okta".to_owned() };
    let header = json!({"alg": "EdDSA", "typ": "mandate-ticket+jwt", "kid": "g1"});
    let keys = keys(&["gateway-target", "function-details"]);
    let classic = |door, claims: &Value| {
        let origin = Origin { door, agent: &agent, session: &session() };
        Ticket::verify(&minter().sign(&header, claims), &keys, &origin, NOW).map_err(|refusal| refusal.code())
    };
    assert_eq!(classic(Door::FunctionDetails, &claims()).err(), Some(Code::AuthRequired));
    let mut plain = claims();
    plain.as_object_mut().unwrap().retain(|name, _| name != "tool" && name != "args");
    assert!(classic(Door::FunctionDetails, &plain).is_ok());
    assert_eq!(classic(Door::GatewayTarget, &plain).err(), Some(Code::AuthRequired));
    assert_eq!(verify(&plain).err(), Some(Code::AuthRequired));
}

#[test]
fn a_minter_of_another_door_is_refused_and_a_name_without_target_gets_no_ticket() {
    let (subject, hash) = (Subject::new("https://i/", "s").unwrap(), ArgumentsHash::of(&arguments()).unwrap());
    let mint = |tool| {
        let (organization, session, arguments) = (None, None, &hash);
        let (gateway, reach) = (GATEWAY, None);
        let statement = GatewayStatement { subject: &subject, organization, session, gateway, tool, arguments, reach };
        minter().mint_for_gateway(&statement, NOW)
    };
    for tool in ["list_groups", "___list_groups", "okta___", "okta__list_groups", ""] {
        assert!(mint(tool).is_none(), "{tool}");
    }
    let (token, arguments) = (mint(TOOL).unwrap(), arguments());
    let origin = GatewayOrigin { gateway: GATEWAY, tool: TOOL, arguments: &arguments };
    let outcome = GatewayTicket::verify(&token, &keys(&["open-api"]), &origin, NOW);
    assert_eq!(outcome.err().map(|refusal| refusal.code()), Some(Code::AuthRequired));
}

#[test]
fn it_says_how_far_its_caller_reaches_where_a_tool_tells_it() {
    assert_eq!(minted(None).reach(), None);
    let reach = Reach::new(&Scopes::parse("api/write api/read"), ["okta___list_groups", "okta___whoami"]);
    let ticket = minted_with(None, Some(&reach));
    assert_eq!(ticket.reach(), Some(&reach));
    assert_eq!(reach.scopes().joined(), "api/read api/write");
    assert!(reach.is_whole());
}

#[test]
fn a_long_list_of_tools_is_cut_and_says_so() {
    let names: Vec<String> = (0..100).map(|number| format!("okta-groups___tool_number_{number:04}")).collect();
    let reach = Reach::new(&Scopes::default(), names.iter().map(String::as_str));
    assert_eq!(reach.tools().len(), 13);
    assert!(!reach.is_whole());
    let ticket = minted_with(Some(&session().hash()), Some(&reach));
    assert_eq!(ticket.reach(), Some(&reach));
}

#[test]
fn lists_of_just_the_longest_are_whole() {
    let of =
        |scope: usize, tool: usize| Reach::new(&Scopes::parse(&"s".repeat(scope)), [&*"t".repeat(tool)]).is_whole();
    assert!(of(200, 400));
    assert!(!of(201, 400) && !of(200, 401) && !of(201, 401));
    let reach = Reach::new(&Scopes::parse("b a"), [TOOL]);
    assert_eq!(
        (reach.scopes(), reach.tools(), reach.is_whole()),
        (&Scopes::parse("a b"), &[TOOL.to_owned()][..], true)
    );
}

#[test]
fn the_longest_reach_fits_into_a_ticket_and_a_longer_ticket_is_none() {
    let scopes: Vec<String> = (0..500).map(|number| format!("https://api.example/scope-{number:03}")).collect();
    let tools = ["okta-groups___list_groups"; 100];
    let reach = Reach::new(&Scopes::parse(&scopes.join(" ")), tools);
    assert_eq!((reach.scopes().iter().count(), reach.tools().len(), reach.is_whole()), (6, 16, false));
    assert_eq!(minted_with(Some(&session().hash()), Some(&reach)).reach(), Some(&reach));
    let hash = ArgumentsHash::of(&arguments()).unwrap();
    let subject = Subject::new(&"i".repeat(255), &"s".repeat(255)).unwrap();
    let (organization, session) = (None, None);
    let statement = GatewayStatement {
        subject: &subject,
        organization,
        session,
        gateway: &"g".repeat(600),
        tool: TOOL,
        arguments: &hash,
        reach: Some(&reach),
    };
    assert!(minter().mint_for_gateway(&statement, NOW).is_none());
}

#[test]
fn a_reach_of_another_form_makes_no_ticket() {
    for (tools, all) in [(json!("okta___whoami"), json!(true)), (json!([1]), json!(true)), (json!([]), json!("true"))] {
        let mut bent = claims();
        bent["scope"] = json!("api/read");
        (bent["tools"], bent["whole"]) = (tools, all);
        assert_eq!(verify(&bent).err(), Some(Code::AuthRequired), "{bent}");
    }
}
