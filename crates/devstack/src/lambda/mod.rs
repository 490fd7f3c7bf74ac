//! A host for the function binaries: the Lambda Invoke API in front, a Runtime API and a child process for each sandbox.
//!
//! What runs here is the program that is deployed; only its environment differs. Followed are the
//! [Invoke API](https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html) and the
//! [Runtime API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html). Left out: `Event` calls are not
//! tried again after an error, any qualifier is taken and answered by `$LATEST`, sandboxes are not frozen between
//! calls, calls beyond the concurrency wait instead of being throttled, and responses stream behind function URLs only. A sandbox may
//! have several calls at once, as on [Managed
//! Instances](https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html); that a call beyond its time ends
//! the others of its sandbox too is our choice. An account's policies are enforced once there is one.

mod answer;
mod call;
pub(crate) mod caller;
mod configuration;
mod function;
mod guard;
mod host;
mod invoke;
mod log;
mod pool;
mod process;
mod runtime_api;
mod sandbox;
pub(crate) mod stamp;
mod stream;
mod url;

pub use function::Function;
pub use host::{LambdaHost, start, start_with_logs};
pub use url::FunctionUrl;

/// The account that the functions' ARNs name.
pub const ACCOUNT: &str = "123456789012";
/// The region that the functions believe they run in, unless their environment says otherwise.
pub const REGION: &str = "us-east-1";

/// The ARN of a function hosted here.
#[must_use]
pub fn arn(name: &str) -> String {
    format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}")
}
