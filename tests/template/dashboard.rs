//! What the dashboard of a stack shows: this stack, and none beside it.

use serde_json::{Value, json};

use crate::deployment::Deployment;
use crate::settings::environment;

fn widgets(deployment: &Deployment) -> Vec<Value> {
    let body = deployment.properties("Dashboard").unwrap()["DashboardBody"].as_str().unwrap().to_owned();
    serde_json::from_str::<Value>(&body).unwrap()["widgets"].as_array().unwrap().clone()
}

/// What a line of a widget is drawn of.
fn drawn(metric: &Value) -> String {
    metric[0]["expression"].as_str().map_or_else(|| metric.to_string(), str::to_owned)
}

#[test]
fn every_function_counts_under_the_name_of_its_stack() {
    for kind in ["Classic", "AgentCore"] {
        let deployment = Deployment::whole(kind);
        for function in deployment.of_type("AWS::Serverless::Function") {
            assert_eq!(
                environment(&deployment, &function)["METRICS_NAMESPACE"],
                "Mandate/mandate",
                "{kind} {function}"
            );
        }
    }
}

#[test]
fn the_dashboard_shows_nothing_of_another_stack() {
    let widgets = widgets(&Deployment::whole("AgentCore"));
    let (mut searched, mut named) = (0, 0);
    for widget in &widgets {
        let properties = &widget["properties"];
        assert_eq!(properties["region"], "us-east-1");
        for metric in properties["metrics"].as_array().into_iter().flatten() {
            let drawn = drawn(metric);
            if drawn.starts_with("SEARCH(") {
                assert!(drawn.starts_with(r#"SEARCH('{"Mandate/mandate",function,tool,code} "#), "{drawn}");
                searched += 1;
            } else {
                let ours = drawn.starts_with(r#"["Mandate/mandate","#) || drawn.contains(r#""QueueName","<"#);
                assert!(ours, "{drawn}");
                named += 1;
            }
        }
        for source in properties["query"].as_str().into_iter().flat_map(|query| query.split("SOURCE ").skip(1)) {
            assert!(source.starts_with("'<") && source.contains("Logs>'"), "{source}");
        }
    }
    assert_eq!((widgets.len(), searched, named), (5, 2, 4));
    let whole = json!(widgets).to_string();
    assert!(!whole.contains("all stacks"), "{whole}");
}
