//! Who takes which role and who uses which key. Nothing else in the template lets anybody in.

use std::collections::BTreeSet;

use acceptance::permissions::{document, value};
use serde_json::{Value, json};

use crate::deployment::Deployment;
use crate::rights::{statements, uniform};

/// Every type of resource that the template has. One that is not here may carry a policy of its own that nothing compares.
const TYPES: [&str; 25] = [
    "AWS::Bedrock::Agent",
    "AWS::Bedrock::AgentAlias",
    "AWS::BedrockAgentCore::Gateway",
    "AWS::BedrockAgentCore::GatewayTarget",
    "AWS::BedrockAgentCore::Harness",
    "AWS::BedrockAgentCore::Policy",
    "AWS::BedrockAgentCore::PolicyEngine",
    "AWS::CloudTrail::Trail",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::DynamoDB::Table",
    "AWS::IAM::Role",
    "AWS::IAM::RolePolicy",
    "AWS::KMS::Key",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Url",
    "AWS::Logs::LogGroup",
    "AWS::Logs::MetricFilter",
    "AWS::Logs::QueryDefinition",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
    "AWS::Serverless::Function",
];

/// The files that the interceptor reads: no policy, and no type of CloudFormation's.
const LAYER: &str = "AWS::Serverless::LayerVersion";

/// One service, for whatever of this account has an ARN like this.
fn service(principal: &str, source: &str) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": { "Service": principal },
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": { "aws:SourceAccount": value("AccountId") },
            "ArnLike": { "aws:SourceArn": source },
        },
    }] })
}

/// One principal of an account.
pub(crate) fn principal(arn: &str) -> Value {
    let statement = json!({ "Effect": "Allow", "Principal": { "AWS": arn }, "Action": "sts:AssumeRole" });
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

fn meant(role: &str) -> Value {
    let core = |rest: &str| format!("arn:aws:bedrock-agentcore:us-east-1:123456789012:{rest}");
    match role {
        "KeycardRole" => document("keycard-role.trust.json"),
        "AgentRole" => document("agent.trust.json"),
        "GatewayRole" => service("bedrock-agentcore.amazonaws.com", &core("gateway/mandate-abc1234567")),
        "HarnessRole" => service("bedrock-agentcore.amazonaws.com", &core("*")),
        "OperatorRole" => principal("arn:aws:iam::123456789012:role/security"),
        "DoctorRole" => principal("arn:aws:iam::123456789012:role/platform"),
        _ => document("function.trust.json"),
    }
}

#[test]
fn every_role_is_taken_by_whom_it_is_for_and_nobody_else() {
    for kind in ["Classic", "AgentCore"] {
        let deployment = Deployment::whole(kind);
        for role in deployment.of_type("AWS::IAM::Role") {
            let trust = deployment.properties(&role).unwrap()["AssumeRolePolicyDocument"].clone();
            assert_eq!(uniform(&trust), uniform(&meant(&role)), "{kind} {role}");
        }
    }
}

#[test]
fn the_operations_key_is_used_by_lambda_for_the_account_and_by_logs_of_this_stack() {
    let root = json!({ "AWS": "arn:aws:iam::123456789012:root" });
    let logs = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/mandate-*";
    let administered = &document("sealing-key.resource.json")["Statement"][0]["Action"];
    let policy = json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": "AdministeredByTheAccount", "Effect": "Allow", "Principal": root, "Action": administered, "Resource": "*" },
        {
            "Sid": "SettingsOfFunctions",
            "Effect": "Allow",
            "Principal": root,
            "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:DescribeKey"],
            "Resource": "*",
            "Condition": { "StringEquals": { "kms:ViaService": "lambda.us-east-1.amazonaws.com" } },
        },
        {
            "Sid": "LogsOfThisStack",
            "Effect": "Allow",
            "Principal": { "Service": "logs.us-east-1.amazonaws.com" },
            "Action": [
                "kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey"
            ],
            "Resource": "*",
            "Condition": { "ArnLike": { "kms:EncryptionContext:aws:logs:arn": logs } },
        },
    ] });
    for kind in ["Classic", "AgentCore"] {
        let deployment = Deployment::whole(kind);
        let says = deployment.properties("OperationsKey").unwrap()["KeyPolicy"].clone();
        assert_eq!(uniform(&says), uniform(&policy), "{kind}");
        assert_eq!(deployment.of_type("AWS::KMS::Key"), ["OperationsKey", "SealingKey"], "{kind}");
    }
}

#[test]
fn the_trails_bucket_is_written_by_the_trail_and_looked_at_for_nothing_else() {
    let policy = Deployment::whole("Classic").properties("TrailBucketPolicy").unwrap()["PolicyDocument"].clone();
    let trail = "arn:aws:cloudtrail:us-east-1:123456789012:trail/mandate";
    let says = statements(&policy).iter().map(|one| {
        assert_eq!(one["Principal"], json!({ "Service": "cloudtrail.amazonaws.com" }));
        assert_eq!(one["Condition"]["StringEquals"]["aws:SourceArn"], trail);
        one["Action"].as_str().unwrap()
    });
    assert_eq!(says.collect::<Vec<_>>(), ["s3:GetBucketAcl", "s3:PutObject"]);
}

#[test]
fn no_resource_is_of_a_type_whose_policies_no_test_here_compares() {
    let template = Deployment::first("Classic");
    let has: BTreeSet<&str> = template.types().into_iter().collect();
    assert_eq!(has, TYPES.into_iter().chain([LAYER]).collect());
}

#[test]
fn no_table_queue_secret_or_log_group_has_a_policy_of_its_own() {
    for kind in ["Classic", "AgentCore"] {
        let deployment = Deployment::whole(kind);
        for resource in TYPES.into_iter().chain([LAYER]).flat_map(|one| deployment.of_type(one)) {
            let properties = deployment.properties(&resource).unwrap();
            let policies = properties.as_object().unwrap().keys().filter(|name| name.contains("Polic"));
            let known = ["KeyPolicy", "AssumeRolePolicyDocument", "PolicyDocument", "PolicyName", "PolicyEngineId"];
            let known = |name: &&String| {
                known.contains(&name.as_str())
                    || matches!(name.as_str(), "RedrivePolicy" | "PolicyEngineConfiguration" | "RetentionPolicy")
            };
            assert_eq!(policies.filter(|name| !known(name)).collect::<Vec<_>>(), Vec::<&String>::new(), "{resource}");
        }
    }
}
