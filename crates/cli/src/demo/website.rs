//! The chat in a browser.

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
    let website = laptop.serve_web(port_base.saturating_add(after), &[], clock, log).await?;
    let phones = format!("{}/phone", laptop.stack.auth0.double.url());
    say::line(format!("web application: {}/   phones, where changes are approved: {phones}", website.url));
    banner::doubles(laptop);
    banner::people(None);
    say::line("\nSign in as any of them; connect the Okta account when the chat asks for it. Ctrl-C ends the demo.");
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
