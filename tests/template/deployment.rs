//! The template with its parameters filled in, in the account that the doubles know: what refers to a resource has the name that
//! `infra/permissions` is filled in with.

use std::collections::BTreeMap;

use acceptance::permissions::value as sample;
use auth::ticket::Minter;
use devstack::lambda::{ACCOUNT, REGION};
use serde_json::{Map, Value, json};

use crate::reading::template;

/// What the template calls it, and what `infra/permissions` does.
const NAMES: [(&str, &str); 26] = [
    ("AWS::AccountId", "AccountId"),
    ("KeycardRole.Arn", "KeycardRoleArn"),
    ("OktaGroupsRole.Arn", "ToolFunctionRoleArn"),
    ("CibaInitiatorRole.Arn", "ToolFunctionRoleArn"),
    ("ApprovalWorkerRole.Arn", "ApprovalWorkerRoleArn"),
    ("SessionTable", "SessionTableName"),
    ("SessionTable.Arn", "SessionTableArn"),
    ("ApprovalTable", "ApprovalTableName"),
    ("ApprovalTable.Arn", "ApprovalTableArn"),
    ("ApprovalQueue.Arn", "ApprovalQueueArn"),
    ("FgaAuthorizer.Arn", "AuthorizerFunctionArn"),
    ("OktaGroups.Arn", "OktaGroupsFunctionArn"),
    ("CibaInitiator.Arn", "CibaInitiatorFunctionArn"),
    ("ApprovalWorker.Arn", "ApprovalWorkerFunctionArn"),
    ("GatewayInterceptor.Arn", "InterceptorFunctionArn"),
    ("Web.Arn", "WebFunctionArn"),
    ("SealingKey.Arn", "SealingKeyArn"),
    ("OperationsKey.Arn", "OperationsKeyArn"),
    ("Auth0Secret", "Auth0ClientSecretArn"),
    ("OpenFgaSecret", "OpenFgaClientSecretArn"),
    ("TicketKeySecret", "TicketKeySecretArn"),
    ("GatewaySeedSecret", "GatewayTicketSeedSecretArn"),
    ("Agent.AgentArn", "AgentArn"),
    ("Gateway.GatewayArn", "GatewayArn"),
    ("AgentAlias.AgentAliasArn", "AgentAliasArn"),
    ("AgentArn", "AgentArn"),
];

/// One way to fill the template in.
pub(crate) struct Deployment {
    template: Value,
    parameters: BTreeMap<String, Value>,
}

impl Deployment {
    /// All that can be switched on, of this kind of agent, with its ids known, as after the second pass.
    pub(crate) fn whole(kind: &str) -> Self {
        let provider =
            format!("arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:token-vault/default/oauth2credentialprovider/auth0");
        Self::first(kind).with(&[
            ("GatewayArn", &sample("GatewayArn")),
            ("AgentArn", &sample("AgentArn")),
            ("WebApp", "true"),
            ("WebUrl", "https://chat.example.com"),
            ("WebTicketSeed", "seed"),
            ("WebTicketKid", "web-1"),
            ("HarnessCredentialProviderArn", &provider),
            ("OperatorPrincipalArn", &format!("arn:aws:iam::{ACCOUNT}:role/security")),
            ("DoctorPrincipalArn", &format!("arn:aws:iam::{ACCOUNT}:role/platform")),
            ("CloudTrailDataEvents", "on"),
        ])
    }

    /// What is asked for, and nothing else, as in the first pass.
    pub(crate) fn first(kind: &str) -> Self {
        let jwk = Minter::from_seed("web", "web-1", &[7; 32]).unwrap().public_jwk();
        let keys = json!({"minters": [{"name": "web", "doors": ["function-details"], "jwks": {"keys": [jwk]}}]});
        let template = template();
        let parameters = template["Parameters"].as_object().unwrap();
        let defaults = parameters.iter().filter_map(|(name, one)| Some((name.clone(), one.get("Default")?.clone())));
        Self { parameters: defaults.collect(), template }.with(&[
            ("AgentKind", kind),
            ("Auth0Issuer", "https://tenant.us.auth0.com/"),
            ("Auth0ClientId", "client"),
            ("Auth0ClientSecret", "a-secret"),
            ("OktaDomain", "https://acme.okta.com"),
            ("FgaStoreId", "01HVMMBCMGZNT3SED4Z17ECXCA"),
            ("FgaModelId", "01HVMMBD123456789ABCDEFGHJ"),
            ("FgaClientId", "checker"),
            ("FgaClientSecret", "another-secret"),
            ("TicketKeys", &keys.to_string()),
            ("GatewayAudience", "https://tools.example"),
            ("GatewayClients", "mcp-client"),
            ("GatewayTicketSeed", "seed"),
            ("GatewayTicketKid", "gateway-1"),
        ])
    }

    /// The same with other values of these parameters.
    pub(crate) fn with(mut self, given: &[(&str, &str)]) -> Self {
        for (name, value) in given {
            assert!(self.template["Parameters"].get(*name).is_some(), "no parameter {name}");
            self.parameters.insert((*name).to_owned(), json!(value));
        }
        self
    }

    /// The properties of a resource; nothing if this deployment has none of the name.
    pub(crate) fn properties(&self, name: &str) -> Option<Value> {
        let resource = self.template["Resources"].get(name)?;
        let there = resource.get("Condition").is_none_or(|condition| self.holds(condition));
        there.then(|| self.value(&resource["Properties"]).unwrap())
    }

    /// The type of each resource that the template has, whatever is switched on.
    pub(crate) fn types(&self) -> Vec<&str> {
        self.template["Resources"].as_object().unwrap().values().map(|one| one["Type"].as_str().unwrap()).collect()
    }

    /// The names of its resources of a type.
    pub(crate) fn of_type(&self, kind: &str) -> Vec<String> {
        let all = self.template["Resources"].as_object().unwrap().iter();
        let named = all.filter(|(_, resource)| resource["Type"] == kind).map(|(name, _)| name.clone());
        named.filter(|name| self.properties(name).is_some()).collect()
    }

    /// What the template's rules say against these parameters.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let rules = self.template["Rules"].as_object().unwrap().values();
        let apply = rules.filter(|rule| rule.get("RuleCondition").is_none_or(|condition| self.holds(condition)));
        let assertions = apply.flat_map(|rule| rule["Assertions"].as_array().unwrap());
        let broken = assertions.filter(|one| !self.holds(&one["Assert"]));
        broken.map(|one| one["AssertDescription"].as_str().unwrap().to_owned()).collect()
    }

    fn holds(&self, condition: &Value) -> bool {
        let name = condition.as_str().or_else(|| condition.get("Condition")?.as_str());
        if let Some(name) = name {
            return self.holds(&self.template["Conditions"][name]);
        }
        let (function, of) = only(condition).unwrap();
        let of = of.as_array().unwrap();
        match function {
            "Fn::Equals" => text(&self.value(&of[0]).unwrap()) == text(&self.value(&of[1]).unwrap()),
            "Fn::Not" => !self.holds(&of[0]),
            "Fn::And" => of.iter().all(|one| self.holds(one)),
            "Fn::Or" => of.iter().any(|one| self.holds(one)),
            "Fn::Contains" => {
                let sought = text(&self.value(&of[1]).unwrap());
                of[0].as_array().unwrap().iter().any(|one| text(one) == sought)
            }
            other => panic!("a condition by {other}"),
        }
    }

    /// The value with every function carried out. Nothing is what `AWS::NoValue` is.
    fn value(&self, value: &Value) -> Option<Value> {
        if let Some(items) = value.as_array() {
            return Some(items.iter().filter_map(|one| self.value(one)).collect());
        }
        let Some(members) = value.as_object() else { return Some(value.clone()) };
        let Some((function, of)) = only(value).filter(|(name, _)| *name == "Ref" || name.starts_with("Fn::")) else {
            let members = members.iter().filter_map(|(key, one)| Some((key.clone(), self.value(one)?)));
            return Some(Value::Object(members.collect::<Map<_, _>>()));
        };
        Some(match function {
            "Ref" if of == "AWS::NoValue" => return None,
            "Ref" | "Fn::GetAtt" => self.named(of.as_str().unwrap()),
            "Fn::If" => return self.value(&of[if self.holds(&of[0]) { 1 } else { 2 }]),
            "Fn::Sub" => {
                let more = of.get(1).map_or(json!({}), |more| self.value(more).unwrap());
                json!(self.filled(of.as_str().or_else(|| of[0].as_str()).unwrap(), &more))
            }
            "Fn::Split" => text(&self.value(&of[1])?).split(of[0].as_str().unwrap()).collect(),
            "Fn::Select" => {
                self.value(&of[1])?[of[0].as_u64().and_then(|at| usize::try_from(at).ok()).unwrap()].clone()
            }
            "Fn::Join" => {
                let items: Vec<String> = self.value(&of[1])?.as_array().unwrap().iter().map(text).collect();
                json!(items.join(of[0].as_str().unwrap()))
            }
            other => panic!("a value by {other}"),
        })
    }

    fn filled(&self, pattern: &str, more: &Value) -> String {
        let mut pieces = pattern.split("${");
        let mut whole = pieces.next().unwrap().to_owned();
        for piece in pieces {
            let (name, rest) = piece.split_once('}').unwrap();
            whole += &more.get(name).map_or_else(|| text(&self.named(name)), text);
            whole += rest;
        }
        whole
    }

    fn named(&self, name: &str) -> Value {
        if let Some((_, placeholder)) = NAMES.iter().find(|(known, _)| *known == name)
            && !self.parameters.get(name).is_some_and(|given| given == "")
        {
            return json!(sample(placeholder));
        }
        if let Some(given) = self.parameters.get(name) {
            return given.clone();
        }
        json!(match name {
            "AWS::Region" => REGION.to_owned(),
            "AWS::Partition" => "aws".to_owned(),
            "AWS::StackName" => "mandate".to_owned(),
            "ApprovalQueue" => format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/approvals"),
            "Agent.AgentId" => "AGENT12345".to_owned(),
            "Gateway.GatewayUrl" => {
                format!("https://mandate-abc1234567.gateway.bedrock-agentcore.{REGION}.amazonaws.com/mcp")
            }
            other => format!("<{other}>"),
        })
    }
}

/// A number or a text as a text.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn only(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.iter().next().map(|(name, of)| (name.as_str(), of))
}
