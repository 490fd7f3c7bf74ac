//! The web application: the chat in a browser or, where there is a gateway, what an MCP client needs.

use std::fs::{File, create_dir_all};
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;

use devstack::stack::{NAMES, Ports};
use function::telemetry::Log;

use super::banner;
use crate::running::logs_of;
use crate::say;
use crate::start::start;
use crate::trouble::Trouble;

/// Runs until it is interrupted. The web application is on the port after those of the doubles and of the gateway, if there is one.
pub(super) async fn run(port_base: u16, gateway: bool) -> Result<(), Trouble> {
    let started = start(Ports::From(port_base), gateway, false).await?;
    let laptop = &started.laptop;
    let after = u16::try_from(NAMES.len()).unwrap_or_default() + u16::from(gateway);
    let clock = function::clock::system();
    let log = log(laptop.folder(), clock.clone())?;
    let settings = laptop.web_at_gateway();
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let website = laptop.serve_web(port_base.saturating_add(after), &settings, clock, log).await?;
    let phones = format!("{}/phone", laptop.stack.auth0.double.url());
    say::line(format!("web application: {}/   phones, where changes are approved: {phones}", website.url));
    banner::doubles(laptop);
    banner::people(None);
    let next = if gateway {
        "connect the Okta account there; its page \"Your MCP client\" has what a client needs. The chat is in the demo \
         without a gateway."
    } else {
        "connect the Okta account when the chat asks for it."
    };
    say::line(format!("\nSign in as any of them; {next} Ctrl-C ends the demo."));
    std::future::pending::<()>().await;
    website.stop().await;
    Ok(())
}

/// Beside the functions' logs.
fn log(folder: &Path, clock: auth::time::Clock) -> Result<Log, Trouble> {
    let logs = logs_of(folder);
    let open = create_dir_all(&logs).and_then(|()| File::create(logs.join("web.log")));
    let file = Mutex::new(open.map_err(|error| Trouble::because("the log of the web application", error))?);
    Ok(Log::to("web", clock, move |line| {
        if let Ok(mut file) = file.lock() {
            // A line that cannot be written must not end the request that it is about.
            let _written = writeln!(file, "{line}");
        }
    }))
}
