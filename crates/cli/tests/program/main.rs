//! The program itself, with the real function binaries: what it prints, how it ends, and that nothing is left of it.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panics")]

mod new_tool;
mod run;

use std::net::TcpListener;

use cli::laptop::FUNCTIONS;
use run::{Running, base, functions_of, mandate, port_of, state_of};

#[test]
fn the_tour_passes_every_step_and_says_so_in_its_last_line() {
    let ended = mandate(&["tour", "--without-gateway"], "");
    let lines: Vec<&str> = ended.out.lines().collect();
    let passed = lines.iter().filter(|line| line.starts_with('✓')).count();
    assert_eq!(lines.last().copied(), Some(format!("{passed} passed, 0 failed").as_str()), "{}", ended.out);
    assert!(passed >= 40, "{}", ended.out);
    assert!(!ended.out.contains('✗'), "{}", ended.out);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    for shown in [
        "the very next call is denied [access_denied; Okta 0, exchanges 0]",
        "it is done, once [done; pushes 1, changes 1]",
        "it was declined, so nothing is done [approval_denied; pushes 1, changes 0]",
        "its time is over, so nothing is done [approval_expired; pushes 1, changes 0]",
        "approved, but no longer allowed, so nothing is done [access_denied; pushes 1, changes 0]",
    ] {
        assert_eq!(lines.iter().filter(|line| line.contains(shown)).count(), 1, "{shown}: {}", ended.out);
    }
    println!("{passed} steps of the tour");
}

#[test]
fn in_the_chat_a_revoked_tuple_denies_the_next_question_and_the_story_says_why() {
    let (base, questions) = (base(), "What are my Okta groups?\n/revoke\n1\n/why\n/allow\n1\n/nonsense\n");
    let ended = mandate(&["demo", "--port-base", &base.to_string()], questions);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.out);
    let (before, after) = ended.out.split_once("removed tuple: read_okta on okta:groups").unwrap();
    let (denied, allowed) = after.split_once("stored tuple: read_okta on okta:groups").unwrap();
    assert!(before.contains("\nYou are in 3 groups:\n\"Everyone\"\n\"Engineering\"\n\"VPN users\"\n"), "{before}");
    assert!(denied.contains("\nAccess denied: you are not allowed to do this.\n"), "{denied}");
    assert!(!denied.contains("Engineering"), "{denied}");
    assert!(denied.contains("may this person read_okta on okta:groups? The answer was no"), "{denied}");
    assert!(allowed.contains("You are in 3 groups:"), "{allowed}");
    assert!(allowed.contains("there is no command `/nonsense`"), "{allowed}");
    assert_eq!(functions_of(base), 0, "no process of a function is left");
    assert!(!state_of(base).exists(), "the state file is gone");
}

#[test]
fn in_the_chat_the_phone_is_answered_and_only_a_yes_changes_something() {
    let (base, add) = (base(), "Add bob@example.com to the group \"VPN users\"");
    let lines = ["/approve", add, "/deny", "Unlock bob@example.com", "Reset my password", "/approve", "/why", "/lock"];
    let ended = mandate(&["demo", "--user", "dave", "--port-base", &base.to_string()], &(lines.join("\n") + "\n"));
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.out);
    let parts: Vec<&str> = ended.out.split("dave> ").collect();
    assert_eq!(parts.len(), lines.len() + 2, "{}", ended.out);
    let phone = format!("http://127.0.0.1:{}/phone/oidc%7Cokta%2Doidc%7C00u1dave", port_of(base, "auth0"));
    assert!(parts[0].contains(&phone), "{}", parts[0]);
    assert!(parts[1].contains("nothing waits for an answer on dave's phone"), "{}", parts[1]);
    assert!(parts[2].contains("needs your approval"), "{}", parts[2]);
    assert!(
        parts[3].contains("dave's phone said no to “Add to a group ") && parts[3].contains("ended: denied"),
        "{}",
        parts[3]
    );
    assert!(parts[4].contains("Access denied: you are not allowed to do this."), "{}", parts[4]);
    assert!(
        parts[6].contains("dave's phone said yes to “Reset your password ") && parts[6].contains("ended: done"),
        "{}",
        parts[6]
    );
    let why = parts[7].split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(why.contains("may this person reset_password on okta:accounts? The answer was yes"), "{why}");
    assert!(why.contains("It has ended: done."), "{why}");
    assert!(parts[8].contains("the Okta account of bob@example.com is locked"), "{}", parts[8]);
    assert_eq!(functions_of(base), 0, "no process of a function is left");
}

#[test]
fn other_commands_work_with_a_running_demo_and_an_interrupt_ends_all_of_it() {
    let base = base();
    let demo = Running::start(&["demo", "--user", "carol", "--port-base", &base.to_string()], "carol> ");
    assert_eq!(functions_of(base), FUNCTIONS.len(), "all functions run");
    let at = ["--port-base", &base.to_string()];
    let ticket = mandate(&["ticket", "--user", "bob", at[0], at[1]], "");
    assert_eq!(ticket.out.trim_end().split('.').count(), 3, "a ticket for somebody who was signed in for it");
    let event = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/program/own_groups.event.json");
    let filled = mandate(&["event", event, at[0], at[1]], "").out;
    assert!(filled.contains("AGENT12345") && !filled.contains("{{"), "every placeholder is filled");
    let bobs = mandate(&["invoke", "okta-groups", event, "--user", "bob", at[0], at[1]], "");
    assert!(bobs.out.contains("access_denied"), "{}", bobs.out);
    assert!(bobs.err.starts_with("reference: "), "{}", bobs.err);
    let carols = mandate(&["invoke", "okta-groups", event, "--user", "carol", at[0], at[1]], "");
    assert!(carols.out.contains("Help desk"), "{}", carols.out);
    let doctor = mandate(&["doctor", at[0], at[1]], "");
    assert_eq!(doctor.code, Some(0), "{}{}", doctor.out, doctor.err);
    assert!(doctor.out.ends_with("44 ok, 0 wrong, 0 could not be asked, 8 not in use\n"), "{}", doctor.out);
    assert!(doctor.err.contains("looked at openfga\n"), "{}", doctor.err);
    let allowed = mandate(&["fga", "allow", "bob", "list_groups", at[0], at[1]], "");
    assert_eq!((allowed.code, allowed.err.as_str()), (Some(0), ""), "{}", allowed.out);
    let bobs = mandate(&["invoke", "okta-groups", event, "--user", "bob", at[0], at[1]], "");
    assert!(bobs.out.contains("Everyone"), "{}", bobs.out);
    let shown = mandate(&["fga", "show", "bob", "--json", at[0], at[1]], "");
    assert!(shown.out.contains(r#""relation":"read_okta""#), "{}", shown.out);
    let token = mandate(&["gateway-token", at[0], at[1]], "");
    assert_eq!((token.code, token.out.as_str()), (Some(1), ""));
    assert!(token.err.contains("has no gateway") && token.err.contains("make demo GATEWAY=on"), "{}", token.err);
    assert_eq!(demo.interrupt(), Some(0));
    assert_eq!(functions_of(base), 0, "no process of a function is left");
    assert!(!state_of(base).exists(), "the state file is gone");
    let late = mandate(&["ticket", at[0], at[1]], "");
    assert_eq!(late.code, Some(1));
    assert!(late.err.contains(&format!("no system runs on ports {base}")), "{}", late.err);
}

#[test]
fn a_taken_port_is_one_line_with_the_port_the_double_and_the_remedy() {
    let base = base();
    let _taken = TcpListener::bind(("127.0.0.1", port_of(base, "openfga"))).unwrap();
    let ended = mandate(&["demo", "--port-base", &base.to_string()], "");
    assert_eq!((ended.code, ended.out.as_str(), ended.err.lines().count()), (Some(1), "", 1));
    let port = port_of(base, "openfga");
    assert!(ended.err.contains(&format!("port {port} for openfga is taken")), "{}", ended.err);
    assert!(ended.err.contains("PORT_BASE="), "{}", ended.err);
}

#[test]
fn a_wrong_command_line_ends_with_2_and_says_what_there_is() {
    let nobody = mandate(&["demo", "--user", "eve"], "");
    assert_eq!((nobody.code, nobody.err.lines().count()), (Some(2), 1));
    assert!(nobody.err.contains("`eve`") && nobody.err.contains("alice, bob, carol, dave"), "{}", nobody.err);
    let no_function = mandate(&["invoke", "okta-grups", "x.json"], "");
    assert_eq!((no_function.code, no_function.err.lines().count()), (Some(2), 1));
    assert!(no_function.err.contains(&FUNCTIONS.join(", ")), "{}", no_function.err);
    assert_eq!(mandate(&["demmo"], "").code, Some(2));
    assert_eq!(mandate(&["--help"], "").code, Some(0));
}
