//! What the engine does not keep of a table: deletion protection, the clean-up by `ttl`, recovery to a point in time. Every table
//! here is told to be as the template of a deployment makes one; nothing is cleaned up, and nothing can be recovered.
//!
//! Shapes: [DescribeTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html),
//! [DescribeTimeToLive](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html),
//! [DescribeContinuousBackups](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html).

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::engine::Engine;
use super::guard::READABLE;

/// Asks the engine, which knows whether there is such a table, and adds what it does not keep.
pub(super) async fn described(engine: &Engine, mut request: Request) -> std::io::Result<Response> {
    let operation = request.uri().path().trim_start_matches('/').to_owned();
    if operation == "DescribeContinuousBackups" {
        let known = HeaderValue::from_static("DynamoDB_20120810.DescribeTable");
        request.headers_mut().insert("x-amz-target", known);
    }
    let response = engine.forward(request).await?;
    if response.status() != StatusCode::OK {
        return Ok(response);
    }
    match operation.as_str() {
        "DescribeTable" => {
            rewritten(response, |told| {
                if let Some(table) = told.get_mut("Table").and_then(Value::as_object_mut) {
                    table.insert("DeletionProtectionEnabled".to_owned(), json!(true));
                }
            })
            .await
        }
        "DescribeTimeToLive" => {
            let kept = json!({"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}});
            rewritten(response, |told| *told = kept).await
        }
        "DescribeContinuousBackups" => {
            let recovery = json!({"PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 35});
            let kept = json!({"ContinuousBackupsDescription": {
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": recovery,
            }});
            rewritten(response, |told| *told = kept).await
        }
        _ => Ok(response),
    }
}

async fn rewritten(response: Response, change: impl FnOnce(&mut Value)) -> std::io::Result<Response> {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, READABLE).await.map_err(std::io::Error::other)?;
    let mut told: Value = serde_json::from_slice(&bytes).map_err(std::io::Error::other)?;
    change(&mut told);
    parts.headers.remove(CONTENT_LENGTH);
    // Over the engine's bytes.
    parts.headers.remove("x-amz-crc32");
    Ok((parts, told.to_string()).into_response().map(Body::new))
}
