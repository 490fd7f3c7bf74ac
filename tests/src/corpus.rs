//! The event corpus in `events/`: an event, the world it falls into, and the answer that must come, as three files.
//! `events/README.md` says what is in them.

mod answer;
mod approval;
mod audit;
mod files;
mod handler;
mod people;
mod places;
mod row;
mod scene;
mod seen;
mod ticket;
mod upstream;

pub use files::{Files, Triple, files};

use std::panic::AssertUnwindSafe;
use std::path::Path;

use futures_util::FutureExt as _;
use futures_util::stream::{self, StreamExt as _};

use answer::Expected;
use scene::Scene;

/// A world is six listeners and a process or two; more of them side by side only wait for each other.
const SIDE_BY_SIDE: usize = 4;

/// How a case is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// The handler, called in this process.
    InProcess,
    /// The binary, called through the Lambda double.
    Binary,
    /// This program in place of it.
    Program(&'static Path),
}

/// What became of a folder's cases.
pub struct Report {
    /// How many cases there are; each was run in every way that was asked for.
    pub cases: usize,
    /// Name, way and difference of every run that did not end as its response file says.
    pub failed: Vec<String>,
}

/// Runs every case of a function's folder both ways, each time in a world of its own.
pub async fn run(folder: &str) -> Report {
    run_in(folder, &[Run::InProcess, Run::Binary]).await
}

/// Runs every case of a function's folder in these ways, each time in a world of its own.
pub async fn run_in(folder: &str, ways: &[Run]) -> Report {
    let triples: Vec<Triple> = files().triples.into_iter().filter(|triple| triple.folder == folder).collect();
    let runs = triples.iter().flat_map(|triple| ways.iter().map(move |how| (triple, *how)));
    let failed = stream::iter(runs)
        .map(|(triple, how)| async move {
            // A world that cannot be set up panics; the other cases still run, and this one is named.
            let ended = AssertUnwindSafe(Box::pin(case(triple, how))).catch_unwind().await;
            let problem =
                ended.unwrap_or_else(|_| Err("the world could not be set up; see the panic above".to_owned()));
            problem.err().map(|problem| format!("{} ({how:?})\n{problem}", triple.name()))
        })
        .buffer_unordered(SIDE_BY_SIDE)
        .collect::<Vec<Option<String>>>()
        .await;
    Report { cases: triples.len(), failed: failed.into_iter().flatten().collect() }
}

async fn case(triple: &Triple, how: Run) -> Result<(), String> {
    let scene: Scene = triple.read(Triple::WORLD)?;
    let expected: Expected = triple.read(Triple::RESPONSE)?;
    let set = Box::pin(scene.set(&triple.folder, how)).await?;
    let event = set.fill(&triple.text(Triple::EVENT)?)?;
    let (answer, lines) = set.handler.answer(&set.world, &event).await?;
    audit::compare(&triple.folder, &answer, &lines, &set.world).await?;
    expected.compare(&answer, &set.seen(expected.knows_outcomes()).await?)
}
