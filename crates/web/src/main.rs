//! Wires the application to its settings, and to Lambda where that runs it, or to a listener.

use std::io::Write as _;
use std::process::ExitCode;

use auth::time::Clock;
use function::clock;
use function::settings::{Environment, Reader};
use function::start::main_with;
use function::telemetry::Log;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use upstream_aws::Identity;
use web::settings::Settings;
use web::{App, lambda};

fn main() -> ExitCode {
    let environment = Environment::of_process();
    let on_lambda = Reader::new(&environment).optional_text("AWS_LAMBDA_RUNTIME_API").flatten().is_some();
    drop(environment);
    if on_lambda { main_with("web", Settings::read, lambda::serve) } else { plain() }
}

fn plain() -> ExitCode {
    let clock = clock::system();
    let log = Log::stdout("web", clock.clone());
    let environment = Environment::of_process();
    let mut reader = Reader::new(&environment);
    let settings = Settings::read(&mut reader);
    let settings = match reader.finish(settings) {
        Ok(settings) => settings,
        Err(problems) => return complain(&format!("web cannot start, because of its settings:\n{problems}")),
    };
    drop(environment);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&format!("web cannot start: async runtime: {error}")),
    };
    match runtime.block_on(run(settings, clock, log)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => complain(&format!("web ended: {cause}")),
    }
}

async fn run(settings: Settings, clock: Clock, log: Log) -> Result<(), String> {
    let listen = settings.listen;
    let app = App::build(settings, Identity::default(), clock, log).await.map_err(|error| error.to_string())?;
    let listener = TcpListener::bind(listen).await.map_err(|error| format!("LISTEN {listen}: {error}"))?;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let stop = async {
        tokio::select! {
            _told = terminate.recv() => {}
            _told = tokio::signal::ctrl_c() => {}
        }
    };
    web::server::serve(app, listener, stop).await.map_err(|error| error.to_string())
}

fn complain(text: &str) -> ExitCode {
    // There is nobody left to tell if this cannot be written.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
    ExitCode::FAILURE
}
