use devstack::openfga::Seed;
use devstack::stack::STORE;
use serde_json::{Value, json};
use upstream_http::openfga::authoring::Tuple;

use super::rights::ASKS;
use super::{Desk, Fga, Right};
use crate::laptop::Laptop;
use crate::laptop::planned::doubles;
use crate::running::Running;

const OTHER: (&str, &str) = ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAW");

fn desk(laptop: &Laptop, more: &[(&str, &str)]) -> Desk {
    let environment = Running::of(laptop).administration().unwrap().with(more.iter().copied());
    Desk::new(environment, true, function::clock::system()).unwrap()
}

fn right(user: &str, tool: &str, of: Option<&str>, group: Option<&str>) -> Right {
    let text = |text: Option<&str>| text.map(str::to_owned);
    Right { user: user.to_owned(), tool: tool.to_owned(), of: text(of), group: text(group), org: None }
}

async fn shown(desk: &Desk, user: &str) -> Value {
    desk.run(&Fga::Show { user: user.to_owned() }).await.unwrap().json
}

#[test]
fn every_tool_that_asks_something_is_among_those_that_can_be_allowed() {
    let catalogs = [okta_groups::catalog().unwrap(), ciba_initiator::catalog().unwrap()];
    let silent = ["whoami", "check_approval", "list_approvals"];
    let tools = catalogs.iter().flat_map(|catalog| catalog.entries()).map(|entry| entry.declaration.name.to_owned());
    let asking: Vec<String> = tools.filter(|tool| !silent.contains(&tool.as_str())).collect();
    assert_eq!(asking.len(), 5);
    for tool in &asking {
        assert!(ASKS.iter().any(|(name, ..)| name == tool), "{tool}");
    }
    assert!(ASKS.iter().all(|(name, ..)| asking.iter().any(|tool| tool == name)));
}

#[tokio::test]
async fn a_model_is_written_once_and_its_id_is_told() {
    let laptop = doubles("fga-apply", false).await;
    let empty = json!({"schema_version": "1.1", "type_definitions": [{"type": "user"}]});
    let seed = Seed { store_id: OTHER.0.to_owned(), model_id: OTHER.1.to_owned(), model: empty, tuples: Vec::new() };
    laptop.stack.openfga.seed(seed).unwrap();
    let desk = desk(&laptop, &[("FGA_STORE_ID", OTHER.0), ("FGA_AUTHORIZATION_MODEL_ID", "")]);
    let writes = || laptop.stack.openfga.double.requests_to(&format!("POST /stores/{}/authorization-models", OTHER.0));
    let apply = async |dry_run| desk.run(&Fga::Apply { model: None, dry_run }).await.unwrap().json;
    let dry = apply(true).await;
    assert_eq!((&dry["written"], &dry["model_id"], writes()), (&json!(false), &json!(null), 0));
    let first = apply(false).await;
    assert_eq!((&first["written"], writes()), (&json!(true), 1));
    let second = apply(false).await;
    assert_eq!((&second["written"], &second["model_id"], writes()), (&json!(false), &first["model_id"], 1));
    let lines = desk.run(&Fga::Apply { model: None, dry_run: false }).await.unwrap().lines;
    assert_eq!(lines[1], format!("FGA_AUTHORIZATION_MODEL_ID={}", first["model_id"].as_str().unwrap()));
}

#[tokio::test]
async fn a_right_is_given_shown_and_taken_away() {
    let laptop = doubles("fga-rights", false).await;
    let desk = desk(&laptop, &[]);
    assert_eq!(shown(&desk, "bob").await["tuples"], json!([]));
    let given = [
        (right("bob", "list_groups", None, None), "read_okta", "okta:groups"),
        (right("bob", "list_groups", Some("Carol@example.com"), None), "read_groups", "okta_user:carol@example.com"),
        (right("bob", "add_to_group", None, Some("VPN users")), "manage_members", "okta_group:VPN%20users"),
        (right("bob", "unlock_user", Some("carol@example.com"), None), "unlock", "okta_user:carol@example.com"),
    ];
    for (right, relation, object) in given {
        let tuple: Tuple =
            serde_json::from_value(desk.change(&right, true).await.unwrap().json["tuple"].take()).unwrap();
        assert_eq!((tuple.relation.as_str(), tuple.object.as_str()), (relation, object));
        let held = |laptop: &Laptop| {
            let tuples = laptop.stack.openfga.tuples(STORE.0);
            tuples
                .iter()
                .filter(|one| one.user == tuple.user && one.relation == relation && one.object == object)
                .count()
        };
        desk.change(&right, true).await.unwrap();
        assert_eq!(held(&laptop), 1, "twice is once");
        assert_eq!(shown(&desk, "bob").await["tuples"], json!([tuple]));
        desk.change(&right, false).await.unwrap();
        desk.change(&right, false).await.unwrap();
        assert_eq!(held(&laptop), 0);
    }
}

#[tokio::test]
async fn what_somebody_may_by_a_group_and_that_they_are_stopped_is_shown() {
    let laptop = doubles("fga-groups", false).await;
    let desk = desk(&laptop, &[]);
    desk.change(&right("group:help-desk", "list_groups", None, None), true).await.unwrap();
    desk.change(&right("bob", "member:help-desk", None, None), true).await.unwrap();
    let lines = desk.run(&Fga::Show { user: "bob".to_owned() }).await.unwrap().lines;
    assert_eq!(lines, ["member group:help-desk", "read_okta okta:groups, by group:help-desk#member (list_groups)"]);
    assert_eq!(shown(&desk, "bob").await["stopped"], false);
    let user = desk.user("bob").unwrap();
    laptop.stack.openfga.allow(STORE.0, &devstack::openfga::Tuple::new(&user, "stopped", "agent:every"));
    assert_eq!(shown(&desk, "bob").await["stopped"], true);
}

#[tokio::test]
async fn the_functions_own_client_can_give_nothing_and_a_command_that_means_nothing_ends_with_2() {
    let laptop = doubles("fga-refused", false).await;
    let checker = laptop.environment("fga-authorizer");
    let own = [
        ("FGA_ADMIN_CLIENT_ID", checker["FGA_CLIENT_ID"].as_str()),
        ("FGA_ADMIN_CLIENT_SECRET", checker["FGA_CLIENT_SECRET"].as_str()),
    ];
    let before = laptop.stack.openfga.tuples(STORE.0).len();
    let weak = desk(&laptop, &own);
    let refused = weak.change(&right("bob", "list_groups", None, None), true).await.unwrap_err();
    assert!(refused.to_string().contains("may not write"), "{refused}");
    let desk = desk(&laptop, &[]);
    for (user, tool, of, group) in [
        ("eve", "list_groups", None, None),
        ("bob", "whoami", None, None),
        ("bob", "unlock_user", None, None),
        ("bob", "reset_password", None, Some("VPN users")),
        ("bob", "list_groups", Some("no login"), None),
        ("group:a b", "list_groups", None, None),
    ] {
        let refused = desk.change(&right(user, tool, of, group), true).await.unwrap_err();
        assert_eq!(refused.exit_code(), 2, "{refused}");
    }
    assert_eq!(laptop.stack.openfga.tuples(STORE.0).len(), before);
}
