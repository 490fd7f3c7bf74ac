//! Which files there are.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cli::laptop::FUNCTIONS;
use serde::de::DeserializeOwned;

/// Whose cases its own package runs, because what it links (Cedar) is linked by nobody else.
const RUN_ELSEWHERE: &str = "gateway-interceptor";

/// One case: three files of the same name in the folder of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triple {
    /// The function.
    pub folder: String,
    /// What the names of the three files begin with.
    pub stem: String,
}

/// What is in `events/`.
pub struct Files {
    /// The complete cases.
    pub triples: Vec<Triple>,
    /// What belongs to no case, each with what is wrong with it.
    pub strays: Vec<String>,
}

impl Triple {
    /// The ending of the file with the event.
    pub const EVENT: &str = ".event.json";
    /// The ending of the file with the world.
    pub const WORLD: &str = ".world.json";
    /// The ending of the file with the expected answer.
    pub const RESPONSE: &str = ".response.json";

    /// As in `okta-groups/own-groups`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.folder, self.stem)
    }

    pub(super) fn text(&self, ending: &str) -> Result<String, String> {
        let path = root().join(&self.folder).join(format!("{}{ending}", self.stem));
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    }

    pub(super) fn read<T: DeserializeOwned>(&self, ending: &str) -> Result<T, String> {
        serde_json::from_str(&self.text(ending)?).map_err(|error| format!("{}{ending}: {error}", self.name()))
    }
}

/// Everything in `events/` but its `README.md`, sorted into complete cases and the rest.
pub fn files() -> Files {
    let mut parts: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    let mut strays = Vec::new();
    for path in entries(&root()) {
        let folder = name_of(&path);
        if FUNCTIONS.contains(&folder.as_str()) {
            for file in entries(&path) {
                let file = name_of(&file);
                let endings = [Triple::EVENT, Triple::WORLD, Triple::RESPONSE];
                match endings.into_iter().find_map(|ending| file.strip_suffix(ending).map(|stem| (stem, ending))) {
                    Some((stem, ending)) => parts.entry((folder.clone(), stem.to_owned())).or_default().push(ending),
                    None => strays.push(format!("events/{folder}/{file} is no part of a case")),
                }
            }
        } else if folder != "README.md" && folder != RUN_ELSEWHERE {
            strays.push(format!("events/{folder} is not a function's folder"));
        }
    }
    let mut triples = Vec::new();
    for ((folder, stem), endings) in parts {
        if endings.len() == 3 {
            triples.push(Triple { folder, stem });
        } else {
            strays.push(format!("events/{folder}/{stem} has only {endings:?} of the three files of a case"));
        }
    }
    Files { triples, strays }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("events")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
