use serde_json::{Value, json};

use super::forge::{call, event, message, output, request, told};
use crate::gateway::{Asks, Denial, TICKET_ARGUMENT};
use crate::refusal::{Code, Refusal};
use crate::scope::Scopes;
use crate::secret::Secret;

fn challenge(denial: &Denial) -> Value {
    output(denial)["mcp"]["transformedGatewayResponse"]["headers"]["WWW-Authenticate"].clone()
}

// M01
#[test]
fn a_challenge_tells_no_token_from_a_bad_one_and_names_every_scope_that_is_needed() {
    let metadata = "resource_metadata=\"https://gw.example/.well-known/oauth-protected-resource\"";
    let refusal = || Refusal::auth_required("x");
    let none = challenge(&Denial::unauthorized(&json!(1), refusal(), false));
    assert_eq!(none, format!("Bearer {metadata}"));
    let bad = challenge(&Denial::unauthorized(&json!(1), refusal(), true));
    assert_eq!(bad, format!("Bearer error=\"invalid_token\", {metadata}"));
    let scopes = Scopes::parse("api/write api/read");
    let missing = challenge(&Denial::refused_call(&json!(1), refusal(), Some(&scopes)));
    assert_eq!(missing, format!("Bearer error=\"insufficient_scope\", scope=\"api/read api/write\", {metadata}"));
    let forbidden = challenge(&Denial::refused_call(&json!(1), refusal(), None));
    assert_eq!(forbidden, format!("Bearer {metadata}"));
    assert_eq!(challenge(&Denial::broken(&json!(1), refusal())), json!(null));
}

#[test]
fn a_method_that_is_not_served_is_said_in_the_words_of_json_rpc_and_all_else_in_ours() {
    let words =
        |denial: &Denial| output(denial)["mcp"]["transformedGatewayResponse"]["body"]["error"]["message"].clone();
    let unserved = request(&event(&message("resources/list"))).unwrap().asks().err().unwrap();
    assert_eq!(words(&unserved), "Method not found");
    let refused = Denial::refused_call(&json!(1), Refusal::new(Code::AccessDenied, "x"), None);
    assert_eq!(words(&refused), Code::AccessDenied.sentence());
}

// M09, M12
#[test]
fn an_event_whose_handling_did_not_end_is_denied_with_its_id() {
    let refusal = || Refusal::new(Code::Unavailable, "x");
    for (text, id) in [
        (event(&message("tools/list")).to_string(), json!(7)),
        ("{".to_owned(), json!(null)),
        (String::new(), json!(null)),
        ("[1]".to_owned(), json!(null)),
    ] {
        let output = output(&Denial::of_unfinished(&text, refusal()));
        assert_eq!(output["interceptorOutputVersion"], "1.0");
        let response = &output["mcp"]["transformedGatewayResponse"];
        assert_eq!((&response["statusCode"], &response["body"]["id"]), (&json!(503), &id));
        assert_eq!(response["body"]["error"]["data"]["code"], "unavailable");
    }
}

// M03, M10, M13
#[test]
fn a_call_goes_on_with_the_ticket_in_place_of_the_callers_token() {
    let body = call("okta___list_groups", &json!({"user": "bob@example.com", "context": {}}));
    let arguments = json!({"user": "bob@example.com"}).as_object().unwrap().clone();
    let output = request(&event(&body)).unwrap().call(arguments.clone(), &Secret::new("t.i.c".to_owned()));
    assert_eq!(output["interceptorOutputVersion"], "1.0");
    let forwarded = &output["mcp"]["transformedGatewayRequest"];
    assert_eq!(forwarded["headers"], json!({"Authorization": "Bearer t.i.c"}));
    assert!(!output.to_string().contains("a.b.c"), "the caller's token");
    let expected = json!({"user": "bob@example.com", TICKET_ARGUMENT: "t.i.c"});
    assert_eq!(forwarded["body"], call("okta___list_groups", &expected));
    let mut received = forwarded["body"]["params"]["arguments"].as_object().unwrap().clone();
    assert_eq!(received.remove(TICKET_ARGUMENT), Some(json!("t.i.c")));
    assert_eq!(received, arguments);
}

// M09, M13
#[test]
fn what_passes_goes_on_as_it_was_parsed_and_sets_no_header() {
    for method in ["initialize", "ping", "tools/list"] {
        let mut body = message(method);
        body["params"] = json!({"cursor": "c-1", "_meta": {"progressToken": 1}});
        let output = request(&event(&body)).unwrap().pass();
        let expected = json!({"interceptorOutputVersion": "1.0", "mcp": {"transformedGatewayRequest": {"body": body}}});
        assert_eq!(output, expected);
    }
}

// M11
#[test]
fn a_search_goes_on_with_its_question_alone() {
    let search = |arguments: Value| {
        let request = request(&event(&call("x_amz_bedrock_agentcore_search", &arguments))).unwrap();
        let Asks::Search(call) = request.asks().unwrap() else { panic!("no search") };
        request.search(call)
    };
    let output = search(json!({"query": "groups", "context": {}, "mandate_ticket": "x"})).unwrap();
    let arguments = &output["mcp"]["transformedGatewayRequest"]["body"]["params"]["arguments"];
    assert_eq!(*arguments, json!({"query": "groups"}));
    for arguments in [json!({}), json!({"query": 1}), json!({"query": null})] {
        assert_eq!(told(&search(arguments).err().unwrap()), (400, -32602, json!(7)));
    }
}
