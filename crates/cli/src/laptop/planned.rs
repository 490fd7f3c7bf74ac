//! Doubles without functions' processes, for tests.

use std::collections::BTreeMap;
use std::path::PathBuf;

use devstack::stack::Ports;

use super::{Laptop, Plan};

/// All doubles on free ports, and a host that is told of the functions and starts none, with the account's policies enforced and nobody signed in.
pub(crate) async fn doubles(name: &str, gateway: bool) -> Laptop {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().unwrap().join("laptops").join(format!("{name}-{}", std::process::id()));
    let plan = Plan {
        ports: Ports::Any,
        binaries: PathBuf::new(),
        folder,
        overrides: BTreeMap::new(),
        worker: false,
        keep_logs: false,
        keycards: true,
        gateway,
    };
    let laptop = Laptop::start_without_functions(plan, None, function::clock::system()).await.unwrap();
    for name in laptop.functions() {
        laptop.declare(name, PathBuf::new(), None).unwrap();
    }
    laptop
}
