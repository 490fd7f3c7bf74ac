//! From `main` to the loop.

#[cfg(test)]
mod tests;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use auth::time::Clock;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::clock;
use crate::serve::{Invocation, LoopSettings, Streamed, Trouble, run, run_streaming};
use crate::settings::{Environment, Problems, Reader};
use crate::telemetry::{Log, Namespace, install_panic_hook};

/// Why a process ended. Lambda starts another one.
#[derive(Debug, thiserror::Error)]
#[error("{step}: {cause}")]
pub struct Stopped {
    step: &'static str,
    cause: String,
}

impl Stopped {
    /// `step` names what was being done; `cause` is for the log, and holds no secret and nothing that an upstream sent.
    #[must_use]
    pub fn new(step: &'static str, cause: impl Into<String>) -> Self {
        Self { step, cause: cause.into() }
    }
}

/// What a function is given to build itself with.
pub struct Rim {
    log: Log,
    clock: Clock,
    settings: LoopSettings,
    began: Instant,
}

impl Rim {
    /// Where outcomes are written.
    #[must_use]
    pub fn log(&self) -> Log {
        self.log.clone()
    }

    /// The same for a function whose callers record what they decide by its answers: its log has no audit records.
    #[must_use]
    pub fn recorded_by_callers(self) -> Self {
        Self { log: self.log.without_audit(), ..self }
    }

    /// The system clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// As [`Rim::serve`], with answers that are sent while they are made; see [`run_streaming`].
    ///
    /// # Errors
    /// As [`run`].
    pub async fn serve_streaming<H, B>(self, handler: H, fallback: B) -> Result<(), Stopped>
    where
        H: AsyncFn(&RawValue, Invocation) -> Streamed,
        B: Fn(&RawValue, Trouble, &Invocation) -> Streamed,
    {
        self.log.started(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX));
        run_streaming(&self.settings, &self.log, handler, fallback).await
    }

    /// Answers events until the process ends; see [`run`]. Call it last: when it is called, INIT is over.
    ///
    /// # Errors
    /// As [`run`].
    pub async fn serve<H, B>(self, handler: H, fallback: B) -> Result<(), Stopped>
    where
        H: AsyncFn(&RawValue, Invocation) -> Value,
        B: Fn(&RawValue, Trouble, &Invocation) -> Value,
    {
        self.log.started(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX));
        run(&self.settings, &self.log, handler, fallback).await
    }
}

/// Runs a function: reads its settings, tells every problem with them if there is one, and otherwise hands over to
/// `start`, which builds the clients, opens their connections while INIT lasts, and calls [`Rim::serve`].
///
/// ```no_run
/// use function::serve::{Invocation, Trouble};
/// use function::settings::Reader;
/// use function::start::main_with;
/// use serde_json::{json, value::RawValue};
///
/// struct Settings {
///     greeting: String,
/// }
///
/// fn read(reader: &mut Reader<'_>) -> Option<Settings> {
///     function::read_settings!(reader => Settings { greeting: text_or("GREETING", "hello") })
/// }
///
/// fn main() -> std::process::ExitCode {
///     main_with("greeter", read, async |settings, rim| {
///         let handler = async |_: &RawValue, invocation: Invocation| {
///             json!({ "greeting": settings.greeting, "reference": invocation.reference })
///         };
///         rim.serve(handler, |_, trouble: Trouble, _| json!({ "error": trouble.code().name() })).await
///     })
/// }
/// ```
pub fn main_with<S>(
    function: &'static str,
    read: impl FnOnce(&mut Reader<'_>) -> Option<S>,
    start: impl AsyncFnOnce(S, Rim) -> Result<(), Stopped>,
) -> ExitCode {
    begin(function, read, |settings| settings, start)
}

/// As [`main_with`], for a function whose silence would be taken for a yes: with bad settings of its own, which are told
/// as usual, it starts nevertheless and is given none, so that it can answer every event with a denial.
pub fn main_even_without<S>(
    function: &'static str,
    read: impl FnOnce(&mut Reader<'_>) -> Option<S>,
    start: impl AsyncFnOnce(Option<S>, Rim) -> Result<(), Stopped>,
) -> ExitCode {
    begin(function, read, |settings| Ok(settings.ok()), start)
}

fn begin<S, T>(
    function: &'static str,
    read: impl FnOnce(&mut Reader<'_>) -> Option<S>,
    judge: impl FnOnce(Result<S, Problems>) -> Result<T, Problems>,
    start: impl AsyncFnOnce(T, Rim) -> Result<(), Stopped>,
) -> ExitCode {
    let began = Instant::now();
    let clock = clock::system();
    let log = Log::stdout(function, clock.clone());
    install_panic_hook(log.clone());
    let environment = Environment::of_process();
    let mut reader = Reader::new(&environment);
    let settings = LoopSettings::read(&mut reader);
    let namespace = Namespace::read(&mut reader);
    let own = read(&mut reader);
    let (settings, own) = match (settings, reader.finish(own)) {
        (settings, Err(problems)) => {
            log.refused_settings(&problems);
            complain(&format!("{function} cannot start, because of its settings:\n{problems}"));
            (settings, judge(Err(problems)))
        }
        (settings, Ok(own)) => (settings, judge(Ok(own))),
    };
    let (Some(settings), Ok(own)) = (settings, own) else { return ExitCode::FAILURE };
    drop(environment);
    let log = log.counting_in(namespace.unwrap_or_default());
    let ended = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(Box::pin(start(own, Rim { log: log.clone(), clock, settings, began }))),
        Err(error) => Err(Stopped::new("async runtime", error.kind().to_string())),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(stopped) => {
            log.stopped(stopped.step, &stopped.cause);
            complain(&format!("{function} ended: {stopped}"));
            ExitCode::FAILURE
        }
    }
}

fn complain(text: &str) {
    // There is nobody left to tell if this cannot be written.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
