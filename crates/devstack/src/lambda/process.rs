//! Starts a function's program with the environment that Lambda gives, and nothing of the host's own.

use std::io;
use std::net::SocketAddr;
use std::process::Stdio;

use tokio::process::{Child, Command};

use super::function::Function;
use super::log::Log;
use super::{REGION, stamp};

/// The variables that a function's configuration cannot replace come last.
pub(super) fn start(function: &Function, runtime_api: SocketAddr, log: &Log) -> io::Result<Child> {
    let task_root = function.binary.parent().map(|folder| folder.as_os_str().to_owned()).unwrap_or_default();
    let several = Some(function.events_at_once).filter(|number| *number > 1);
    Command::new(&function.binary)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", "/tmp")
        .env("LANG", "en_US.UTF-8")
        .env("TZ", ":UTC")
        .env("AWS_REGION", REGION)
        .env("AWS_DEFAULT_REGION", REGION)
        .env("AWS_ACCESS_KEY_ID", "local")
        .env("AWS_SECRET_ACCESS_KEY", "local")
        .env("AWS_SESSION_TOKEN", "local")
        .env("_HANDLER", "bootstrap")
        .env("LAMBDA_TASK_ROOT", task_root)
        .envs(&function.environment)
        .env("AWS_LAMBDA_RUNTIME_API", runtime_api.to_string())
        .env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
        .env("AWS_LAMBDA_FUNCTION_NAME", &function.name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", function.memory_mb.to_string())
        .env("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{}", function.name))
        .env("AWS_LAMBDA_LOG_STREAM_NAME", format!("[$LATEST]{}", stamp::uuid().replace('-', "")))
        .envs(several.map(|number| ("AWS_LAMBDA_MAX_CONCURRENCY", number.to_string())))
        .stdin(Stdio::null())
        .stdout(log.stream()?)
        .stderr(log.stream()?)
        .kill_on_drop(true)
        .spawn()
}
