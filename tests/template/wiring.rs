//! Who calls whom.

use acceptance::permissions::{document, value};
use serde_json::{Value, json};

use crate::deployment::Deployment;
use crate::rights::statements;

// A01
#[test]
fn bedrock_may_call_two_functions_for_our_agent_and_nobody_else_may() {
    let classic = Deployment::whole("Classic");
    let meant = document("tool-function.resource.json");
    let condition = &statements(&meant)[0]["Condition"];
    let (account, agent) = (&condition["StringEquals"]["aws:SourceAccount"], &condition["ArnLike"]["aws:SourceArn"]);
    for (permission, function) in [
        ("OurAgentCallsOktaGroups", value("OktaGroupsFunctionArn")),
        ("OurAgentCallsCibaInitiator", value("CibaInitiatorFunctionArn")),
    ] {
        let says = classic.properties(permission).unwrap();
        assert_eq!((&says["SourceAccount"], &says["SourceArn"]), (account, agent));
        assert_eq!(says["Principal"], statements(&meant)[0]["Principal"]["Service"]);
        assert_eq!((&says["Action"], &says["FunctionName"]), (&json!("lambda:InvokeFunction"), &json!(function)));
    }
    let permissions = |deployment: &Deployment| deployment.of_type("AWS::Lambda::Permission").len();
    assert_eq!(permissions(&classic), 4, "two for the agent, two for browsers");
    assert_eq!(permissions(&Deployment::first("Classic")), 2);
    // A gateway calls by its role, so no function lets a service in.
    assert_eq!(permissions(&Deployment::first("AgentCore")), 0);
}

#[test]
fn the_first_pass_trusts_a_pattern_and_the_second_one_agent_or_gateway() {
    let source = |deployment: &Deployment, role: &str| {
        let trust = deployment.properties(role).unwrap()["AssumeRolePolicyDocument"].clone();
        trust["Statement"][0]["Condition"]["ArnLike"]["aws:SourceArn"].as_str().unwrap().to_owned()
    };
    let prefix = "arn:aws:bedrock-agentcore:us-east-1:123456789012:gateway/mandate-";
    assert_eq!(source(&Deployment::first("AgentCore"), "GatewayRole"), format!("{prefix}*"));
    assert_eq!(source(&Deployment::whole("AgentCore"), "GatewayRole"), format!("{prefix}abc1234567"));
    let agent = source(&Deployment::first("Classic"), "AgentRole");
    assert_eq!(agent, "arn:aws:bedrock:us-east-1:123456789012:agent/*");
    assert_eq!(source(&Deployment::whole("Classic"), "AgentRole"), value("AgentArn"));
}

#[test]
fn each_kind_of_agent_has_its_own_parts_and_none_of_the_other() {
    let parts = |kind: &str| {
        let deployment = Deployment::whole(kind);
        [
            "AWS::Bedrock::Agent",
            "AWS::Bedrock::AgentAlias",
            "AWS::BedrockAgentCore::Gateway",
            "AWS::BedrockAgentCore::GatewayTarget",
        ]
        .map(|part| deployment.of_type(part).len())
    };
    assert_eq!(parts("Classic"), [1, 1, 0, 0]);
    assert_eq!(parts("AgentCore"), [0, 0, 1, 2]);
}

#[test]
fn agent_and_gateway_are_told_of_the_same_tools_and_changes_ask_for_confirmation() {
    let agent = Deployment::whole("Classic").properties("Agent").unwrap();
    let core = Deployment::whole("AgentCore");
    let names = |tools: &Value| -> Vec<String> {
        tools.as_array().unwrap().iter().map(|tool| tool["Name"].as_str().unwrap().to_owned()).collect()
    };
    let mut all = Vec::new();
    for (at, target) in ["OktaGroupsTarget", "OktaChangesTarget"].into_iter().enumerate() {
        let group = &agent["ActionGroups"][at];
        let properties = core.properties(target).unwrap();
        let lambda = &properties["TargetConfiguration"]["Mcp"]["Lambda"];
        assert_eq!(group["ActionGroupName"], properties["Name"]);
        assert_eq!(group["ActionGroupExecutor"]["Lambda"], lambda["LambdaArn"]);
        let tools = names(&lambda["ToolSchema"]["InlinePayload"]);
        assert_eq!(names(&group["FunctionSchema"]["Functions"]), tools);
        all.extend(tools.iter().map(|tool| format!("@mandate/{}___{tool}", properties["Name"].as_str().unwrap())));
    }
    // A harness that names no tools would have all, the shell of its machine included.
    assert_eq!(core.properties("Harness").unwrap()["AllowedTools"], json!(all));
    let functions = agent["ActionGroups"][1]["FunctionSchema"]["Functions"].as_array().unwrap();
    let confirmed = functions.iter().filter(|one| one["RequireConfirmation"] == "ENABLED");
    let confirmed: Vec<&str> = confirmed.map(|one| one["Name"].as_str().unwrap()).collect();
    assert_eq!(confirmed, ["reset_password", "add_to_group", "remove_from_group", "unlock_user"]);
}

#[test]
fn the_queue_wakes_the_worker_and_gives_up_after_ten_times() {
    let deployment = Deployment::first("Classic");
    let mapping = deployment.properties("ApprovalMessages").unwrap();
    assert_eq!(mapping["FunctionResponseTypes"], json!(["ReportBatchItemFailures"]));
    assert_eq!(mapping["EventSourceArn"], value("ApprovalQueueArn"));
    let queue = deployment.properties("ApprovalQueue").unwrap();
    let worker = deployment.properties("ApprovalWorker").unwrap();
    assert!(queue["VisibilityTimeout"].as_u64() >= worker["Timeout"].as_u64().map(|seconds| 2 * seconds));
    assert_eq!(queue["RedrivePolicy"]["maxReceiveCount"], 10);
    assert_eq!(worker["RecursiveLoop"], "Allow");
}

#[test]
fn every_function_is_watched_and_each_denial_counts_once() {
    for kind in ["Classic", "AgentCore"] {
        let deployment = Deployment::whole(kind);
        let functions = deployment.of_type("AWS::Serverless::Function");
        let filters: Vec<Value> = deployment
            .of_type("AWS::Logs::MetricFilter")
            .iter()
            .map(|name| deployment.properties(name).unwrap())
            .collect();
        let alarms: Vec<Value> = deployment
            .of_type("AWS::CloudWatch::Alarm")
            .iter()
            .map(|name| deployment.properties(name).unwrap())
            .collect();
        let trail = deployment.properties("Trail").unwrap().to_string();
        for function in &functions {
            let group = format!("<{function}Logs>");
            let of = |metric: &str| {
                let here = filters.iter().filter(|one| one["LogGroupName"] == group.as_str());
                here.filter(|one| one["MetricTransformations"][0]["MetricName"] == metric).count()
            };
            // Whoever asked the authorizer tells what it said.
            assert_eq!(of("Denials"), usize::from(function != "FgaAuthorizer"), "{kind} {function}");
            assert_eq!(of("Failures"), 1, "{kind} {function}");
            for metric in ["Throttles", "Errors"] {
                let about = alarms.iter().filter_map(|one| one["Metrics"].as_array()).flatten().filter(|one| {
                    let metric_of = &one["MetricStat"]["Metric"];
                    metric_of["MetricName"] == metric && metric_of["Dimensions"][0]["Value"] == format!("<{function}>")
                });
                assert_eq!(about.count(), 1, "{kind} {function} {metric}");
            }
            for query in deployment.of_type("AWS::Logs::QueryDefinition") {
                let groups = deployment.properties(&query).unwrap()["LogGroupNames"].clone();
                assert!(groups.as_array().unwrap().contains(&json!(group)), "{kind} {query} {function}");
            }
            let arn = match function.as_str() {
                "FgaAuthorizer" => value("AuthorizerFunctionArn"),
                "GatewayInterceptor" => value("InterceptorFunctionArn"),
                other => value(&format!("{other}FunctionArn")),
            };
            assert!(trail.contains(&arn), "{kind} {function}");
        }
    }
}
