//! The agent: one action group for each function that has tools.

use super::AGENT;
use crate::bedrock::{ActionGroup, Agent, Parameter, Shape, Tool, intent};

pub(super) fn agent(lambda_url: String) -> Agent {
    let (user, group) = (required("user"), required("group"));
    let changes = vec![
        tool("reset_password", vec![]),
        tool("add_to_group", vec![user.clone(), group.clone()]),
        tool("remove_from_group", vec![user.clone(), group]),
        tool("unlock_user", vec![user]),
        tool("check_approval", vec![required("approval")]),
        tool("list_approvals", vec![]),
    ];
    Agent {
        id: AGENT.0.to_owned(),
        alias_id: AGENT.1.to_owned(),
        name: "okta-helper".to_owned(),
        version: "1".to_owned(),
        lambda_url,
        action_groups: vec![
            action_group("okta-groups", "okta-groups", vec![tool("list_groups", vec![Parameter::text("user")])]),
            action_group("okta-changes", "ciba-initiator", changes),
        ],
        rules: intent::usual_rules(),
    }
}

fn action_group(name: &str, lambda: &str, tools: Vec<Tool>) -> ActionGroup {
    ActionGroup { name: name.to_owned(), lambda: lambda.to_owned(), tools }
}

fn tool(name: &str, parameters: Vec<Parameter>) -> Tool {
    Tool { name: name.to_owned(), shape: Shape::FunctionDetails, parameters }
}

fn required(name: &str) -> Parameter {
    Parameter { required: true, ..Parameter::text(name) }
}

#[cfg(test)]
mod tests {
    use super::agent;

    #[test]
    fn every_rule_names_a_tool_that_the_agent_has_and_fills_just_its_parameters() {
        let agent = agent(String::new());
        let tools: Vec<_> = agent.action_groups.iter().flat_map(|group| &group.tools).collect();
        assert_eq!((agent.rules.len(), tools.len()), (7, 7));
        for rule in &agent.rules {
            let tool = tools.iter().find(|tool| tool.name == rule.tool).unwrap();
            let mut takes: Vec<&str> = tool.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            takes.sort_unstable();
            assert!(rule.parameters.keys().map(String::as_str).eq(takes), "{}", rule.tool);
        }
    }
}
