use function::serve::Trouble;
use function::settings::Reader;
use gateway_interceptor::settings::Settings;
use gateway_interceptor::{give_up, without_settings};
use serde_json::json;

use crate::scene::{Scene, call, environment, event, invocation, token, told};

// M12
#[tokio::test]
async fn keys_that_cannot_be_had_are_a_denial_whatever_the_issuer_answers() {
    let http = |status: &str, body: &str| {
        format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
    };
    for answer in [
        String::new(),
        "nonsense".to_owned(),
        http("500 Internal Server Error", ""),
        http("302 Found", ""),
        http("200 OK", ""),
        http("200 OK", "{\"keys\":[]}"),
        http("200 OK", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"),
        http("200 OK", "[]"),
    ] {
        let scene = Scene::with_keys(answer).await;
        let event = event(&token("api/read"), &call("okta-groups___list_groups", &json!({})));
        let output = scene.answer(&event.to_string()).await;
        assert_eq!(told(&output).err(), Some((401, -32001)));
        assert_eq!(output["mcp"]["transformedGatewayResponse"]["body"]["id"], 7);
    }
}

// M09, M12
#[test]
fn a_panic_a_time_out_and_missing_settings_are_denials_with_the_callers_id() {
    let event = event("a.b.c", &call("okta-groups___list_groups", &json!({}))).to_string();
    let invocation = invocation();
    for (answer, expected) in [
        (give_up(&event, Trouble::Panicked, &invocation), (500, -32603)),
        (give_up(&event, Trouble::OutOfTime, &invocation), (503, -32603)),
        (without_settings(&event, &invocation), (500, -32603)),
        (give_up("{", Trouble::Panicked, &invocation), (500, -32603)),
        (without_settings("", &invocation), (500, -32603)),
    ] {
        assert_eq!(told(&answer.output).err(), Some(expected));
        assert!(!answer.output.to_string().contains("a.b.c"));
    }
    let output = give_up(&event, Trouble::Panicked, &invocation).output;
    assert_eq!(output["mcp"]["transformedGatewayResponse"]["body"]["id"], 7);
}

// M02, M15
#[test]
fn settings_name_what_is_wrong_with_them_and_take_no_key_set_in_the_clear() {
    for (jwks, fine) in
        [("http://127.0.0.1:1/", true), ("https://idp.example/jwks", true), ("http://idp.example/", false)]
    {
        let environment = environment(jwks);
        let mut reader = Reader::new(&environment);
        let settings = Settings::read(&mut reader);
        let names = reader.finish(settings).err().map(|problems| problems.names());
        assert_eq!(names, if fine { None } else { Some(vec!["GATEWAY_ISSUERS"]) });
    }
}
