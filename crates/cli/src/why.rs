//! `mandate why`: the story of one call, from its audit record.

mod lines;
mod requests;
mod tale;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::Read as _;
use std::path::Path;

use auth::id::sha256_base64url;
use devstack::sample::PEOPLE;

use self::lines::Kept;
use crate::running::{self, Running};
use crate::trouble::Trouble;
use crate::{person, say, start};

/// Where a record names its approval.
const APPROVAL: &str = "/unmapped/approval";

/// Tells the call with this reference, or all calls about the approval with this reference. Reads `log`, `-` for the standard
/// input; without it, what the functions of the running system wrote.
pub(crate) async fn run(reference: &str, log: Option<&Path>, json: bool, port_base: u16) -> Result<(), Trouble> {
    let reference = reference.trim().to_ascii_uppercase();
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if !matches!(reference.len(), 12 | 16) || !letters(&reference) {
        return Err(Trouble::usage("a reference has 12 letters and digits, that of an approval has 16"));
    }
    let running = start::find(port_base).await?;
    let (searched, text) = match (log, &running) {
        (Some(file), _) => (format!("`{}`", file.display()), read(file)?),
        (None, Some((folder, _))) => {
            let folder = running::logs_of(folder);
            (format!("the functions' output in {}", folder.display()), all(&folder)?)
        }
        (None, None) => {
            return Err(Trouble::new(format!(
                "no system runs on ports {port_base} and on; start one with make demo, or say where to look with --log FILE"
            )));
        }
    };
    let kept = lines::kept(&text);
    let told = lines::about(&kept, &reference);
    let requests = requests::tell(&text, &reference);
    if told.is_empty() && !requests.is_empty() && !json {
        requests.iter().for_each(say::line);
        return Ok(());
    }
    if told.is_empty() {
        return Err(Trouble::new(format!(
            "there is no audit record of `{reference}`: searched {} lines with {} audit records in {searched}",
            text.lines().count(),
            kept.len()
        )));
    }
    let name = |subject: &str| running.as_ref().and_then(|(_, running)| name_of(running, subject));
    if json {
        told.iter().for_each(|kept| say::line(kept.record.to_string()));
        return Ok(());
    }
    for (index, story) in stories(&told, name).into_iter().enumerate() {
        if index > 0 {
            say::line("");
        }
        story.iter().for_each(say::line);
    }
    Ok(())
}

/// The story of each record, from now.
fn stories(told: &[&Kept], name: impl Fn(&str) -> Option<&'static str> + Copy) -> Vec<Vec<String>> {
    let now = function::clock::system().now();
    let story = |(index, kept): (usize, &&Kept)| {
        let followed = told.iter().skip(index + 1).any(|later| later.text(APPROVAL) == kept.text(APPROVAL));
        tale::tell(kept, name, tale::Seen { followed, now })
    };
    told.iter().enumerate().map(story).collect()
}

/// The stories about this reference, in what the functions of a system wrote that keeps its files in `folder`; nothing if
/// there is no record of it.
pub(crate) fn told(folder: &Path, running: &Running, reference: &str) -> Result<Vec<String>, Trouble> {
    let kept = lines::kept(&all(&running::logs_of(folder))?);
    let told = lines::about(&kept, reference);
    Ok(stories(&told, |subject| name_of(running, subject)).concat())
}

fn read(file: &Path) -> Result<String, Trouble> {
    let mut bytes = Vec::new();
    let done = if file == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
    } else {
        fs::read(file).map(|read| bytes = read)
    };
    done.map_err(|error| Trouble::because(&format!("the log `{}`", file.display()), error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The logs of all functions, and that of the web application. One that was never called may have none.
fn all(folder: &Path) -> Result<String, Trouble> {
    let mut text = String::new();
    for function in crate::laptop::FUNCTIONS.into_iter().chain(["web"]) {
        let file = folder.join(format!("{function}.log"));
        if file.is_file() {
            text.push_str(&read(&file)?);
            text.push('\n');
        }
    }
    Ok(text)
}

/// The sample person whose subject has this hash.
fn name_of(running: &Running, subject: &str) -> Option<&'static str> {
    let issuer = running.functions.get("okta-groups")?.get("AUTH0_ISSUER")?;
    let is = |sample: &&devstack::sample::Person| {
        person::subject(sample, issuer).is_ok_and(|known| sha256_base64url(known.encoded().as_bytes()) == subject)
    };
    PEOPLE.iter().find(is).map(|sample| sample.name)
}
