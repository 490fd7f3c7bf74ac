//! The account of the tests: a function's role, a tool's role, and the doubles that know them.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use devstack::dynamodb::{self, DynamoDb};
use devstack::iam::{Credentials, Iam, Role, role_arn};
use devstack::kms::{self, Kms};
use devstack::lambda::{self, Function, LambdaHost};
use devstack::sts::{self, Sts};
use http::Request;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) const ROWS: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/bedrock-sessions";

pub(crate) struct House {
    pub(crate) iam: Iam,
    pub(crate) sts: Sts,
    pub(crate) database: DynamoDb,
    pub(crate) kms: Kms,
    pub(crate) lambda: LambdaHost,
    pub(crate) key: String,
    /// The function's own.
    pub(crate) own: Credentials,
    /// Sealed data keys of the rows `alice` and `bob`.
    pub(crate) sealed: [String; 2],
}

fn document(statements: Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

/// May assume the tool's role, and nothing else.
fn worker() -> Role {
    let actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    Role::new("worker")
        .allowing(document(json!({ "Effect": "Allow", "Action": actions, "Resource": role_arn("okta-groups-tool") })))
}

/// Assumed only with a session tag, only that one, and a source identity; opens what the tag names.
fn tool(key: &str) -> Role {
    let worker = json!({ "AWS": role_arn("worker") });
    let tag = "${aws:PrincipalTag/session}";
    let only = json!({ "aws:TagKeys": ["session"] });
    let trust = json!([
        {
            "Effect": "Allow", "Principal": worker, "Action": "sts:AssumeRole",
            "Condition": {
                "StringLike": { "aws:RequestTag/session": "?*", "sts:SourceIdentity": "?*" },
                "ForAllValues:StringEquals": only,
            },
        },
        {
            "Effect": "Allow", "Principal": worker, "Action": "sts:TagSession",
            "Condition": { "StringLike": { "aws:RequestTag/session": "?*" }, "ForAllValues:StringEquals": only },
        },
        { "Effect": "Allow", "Principal": worker, "Action": "sts:SetSourceIdentity" },
    ]);
    let permissions = json!([
        {
            "Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:UpdateItem"], "Resource": ROWS,
            "Condition": {
                "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [tag] },
                "Null": { "dynamodb:LeadingKeys": "false" },
            },
        },
        {
            "Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": kms::arn(key),
            "Condition": { "StringEquals": { "kms:EncryptionContext:session": tag } },
        },
        { "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": lambda::arn("*") },
    ]);
    Role::new("okta-groups-tool").trusting(document(trust)).allowing(document(permissions))
}

pub(crate) async fn house() -> House {
    let iam = Iam::new();
    let kms = kms::start(listener().await).await.unwrap();
    let key = kms.create_key("rows");
    iam.add_role(&worker()).unwrap();
    iam.add_role(&tool(&key)).unwrap();
    let own = iam.function_credentials("worker", "okta-groups").unwrap();
    let sts = sts::start(listener().await, iam.clone()).await.unwrap();
    let database = dynamodb::start(listener().await).await.unwrap();
    database.create_table("bedrock-sessions", "session_id", None).await.unwrap();
    database.create_table("agent-approvals", "person", Some("sort")).await.unwrap();
    for row in ["alice", "bob"] {
        let item = json!({ "session_id": { "S": row }, "subject": { "S": row } });
        database.raw("PutItem", json!({ "TableName": "bedrock-sessions", "Item": item })).await.unwrap();
    }
    // A dry run starts no process.
    let functions = ["fga-authorizer", "okta-changes"].map(|name| Function::new(name, "/nowhere")).into();
    let lambda = lambda::start(listener().await, functions).await.unwrap();
    let mut house = House { iam, sts, database, kms, lambda, key, own, sealed: [String::new(), String::new()] };
    for (at, row) in ["alice", "bob"].into_iter().enumerate() {
        let wish = json!({ "KeyId": house.key, "KeySpec": "AES_256", "EncryptionContext": { "session": row } });
        let url = house.kms.double.url();
        let (_, made) = post(&url, "TrentService.GenerateDataKey", &house.own, wish).await;
        house.sealed[at] = made["CiphertextBlob"].as_str().unwrap().to_owned();
    }
    house.database.enforce(&house.iam);
    house.kms.enforce(&house.iam);
    house.lambda.enforce(&house.iam);
    house
}

fn request(url: &str, who: &Credentials) -> http::request::Builder {
    let scope = "20260101/us-east-1/any/aws4_request, SignedHeaders=host;x-amz-date, Signature=00";
    Request::post(url)
        .header("authorization", format!("AWS4-HMAC-SHA256 Credential={}/{scope}", who.access_key_id))
        .header("x-amz-date", "20260101T000000Z")
        .header("x-amz-security-token", &who.session_token)
}

async fn answer(request: Request<Body>) -> (u16, String) {
    let response = Client::builder(TokioExecutor::new()).build_http::<Body>().request(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = axum::body::to_bytes(Body::new(response.into_body()), usize::MAX).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn post(url: &str, target: &str, who: &Credentials, body: Value) -> (u16, Value) {
    let request = request(url, who).header("content-type", "application/x-amz-json-1.0").header("x-amz-target", target);
    let (status, text) = answer(request.body(Body::from(body.to_string())).unwrap()).await;
    (status, serde_json::from_str(&text).unwrap_or_default())
}

/// The kind of refusal, or none.
fn refusal((status, answer): (u16, Value)) -> Option<String> {
    let kind = answer["__type"].as_str().unwrap_or("unknown");
    (status >= 300).then(|| kind.rsplit('#').next().unwrap_or(kind).to_owned())
}

impl House {
    /// The keycard of the row `alice`: for a minute, with what the tool needs.
    pub(crate) fn keycard(&self) -> Value {
        // A date in a policy may be in seconds since 1970.
        let until = (self.iam.now() + 60).to_string();
        document(json!([
            {
                "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": ROWS,
                "Condition": {
                    "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["alice"] },
                    "Null": { "dynamodb:LeadingKeys": "false" },
                    "DateLessThan": { "aws:CurrentTime": until },
                },
            },
            {
                "Effect": "Allow", "Action": "kms:Decrypt", "Resource": kms::arn(&self.key),
                "Condition": {
                    "StringEquals": { "kms:EncryptionContext:session": "alice" },
                    "DateLessThan": { "aws:CurrentTime": until },
                },
            },
            {
                "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": lambda::arn("fga-authorizer"),
                "Condition": { "DateLessThan": { "aws:CurrentTime": until } },
            },
        ]))
    }

    pub(crate) async fn assume(&self, fields: &[(&str, &str)]) -> Result<Credentials, String> {
        let arn = role_arn("okta-groups-tool");
        let usual = [
            ("Action", "AssumeRole"),
            ("Version", "2011-06-15"),
            ("RoleArn", arn.as_str()),
            ("RoleSessionName", "okta-groups"),
        ];
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let pairs = usual.iter().chain(fields).map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let request = request(&format!("{}/", self.sts.double.url()), &self.own);
        let request =
            request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(body)).unwrap();
        let (status, text) = answer(request).await;
        let element = |name: &str| {
            let (_, rest) = text.split_once(&format!("<{name}>")).unwrap_or_default();
            rest.split_once('<').unwrap_or_default().0.to_owned()
        };
        if status != 200 {
            return Err(element("Code"));
        }
        Ok(Credentials {
            access_key_id: element("AccessKeyId"),
            secret_access_key: element("SecretAccessKey"),
            session_token: element("SessionToken"),
        })
    }

    /// For the person of the row `alice`, with a session policy if there is one.
    pub(crate) async fn for_alice(&self, policy: Option<&Value>) -> Credentials {
        let policy = policy.map(Value::to_string);
        let mut fields = vec![("SourceIdentity", "alice"), ("DurationSeconds", "900")];
        fields.extend([("Tags.member.1.Key", "session"), ("Tags.member.1.Value", "alice")]);
        fields.extend(policy.as_deref().map(|policy| ("Policy", policy)));
        self.assume(&fields).await.unwrap()
    }

    /// One call of DynamoDB: none, or why not.
    pub(crate) async fn table(&self, who: &Credentials, operation: &str, body: Value) -> Option<String> {
        refusal(post(&self.database.double.url(), &format!("DynamoDB_20120810.{operation}"), who, body).await)
    }

    pub(crate) async fn row(&self, who: &Credentials, row: &str) -> Option<String> {
        let key = json!({ "session_id": { "S": row } });
        self.table(who, "GetItem", json!({ "TableName": "bedrock-sessions", "Key": key, "ConsistentRead": true })).await
    }

    /// Opens the data key of `alice` (0) or `bob` (1) in a context.
    pub(crate) async fn data_key(&self, who: &Credentials, at: usize, context: Value) -> Option<String> {
        let wish = json!({ "CiphertextBlob": self.sealed[at], "EncryptionContext": context });
        let (status, answer) = post(&self.kms.double.url(), "TrentService.Decrypt", who, wish).await;
        if status == 200 {
            assert_eq!(STANDARD.decode(answer["Plaintext"].as_str().unwrap()).unwrap().len(), 32);
        }
        refusal((status, answer))
    }

    pub(crate) async fn function(&self, who: &Credentials, name: &str) -> u16 {
        let url = format!("{}/2015-03-31/functions/{name}/invocations", self.lambda.double.url());
        let request = request(&url, who).header("x-amz-invocation-type", "DryRun").body(Body::from("{}")).unwrap();
        answer(request).await.0
    }
}
