//! What was answered, how long it took, and how much memory there was.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

/// Everything that was answered.
#[derive(Default)]
pub(super) struct Figures(Mutex<BTreeMap<&'static str, Kind>>);

/// Requests of one kind.
#[derive(Default)]
struct Kind {
    statuses: BTreeMap<String, u64>,
    took: Vec<Duration>,
    bad: u64,
    example: Option<String>,
}

impl Figures {
    /// Counts an answer; `good` says whether it is what the sender had to expect.
    pub(super) fn count(&self, kind: &'static str, status: &str, took: Duration, good: bool, text: &str) {
        let mut kinds = self.0.lock().unwrap();
        let kind = kinds.entry(kind).or_default();
        *kind.statuses.entry(status.to_owned()).or_default() += 1;
        kind.took.push(took);
        if !good {
            kind.bad += 1;
            kind.example.get_or_insert_with(|| text.chars().take(2000).collect());
        }
    }

    /// Prints all of it; how many answers were errors of ours, and one more if memory kept growing.
    pub(super) fn print(&self, memory: &[u64], seconds: u64) -> u64 {
        let mut kinds = self.0.lock().unwrap();
        println!("{:<12}{:>8}{:>10}{:>10}{:>8}  statuses", "kind", "count", "p50 ms", "p99 ms", "bad");
        let (mut count, mut bad) = (0, 0);
        for (name, kind) in kinds.iter_mut() {
            kind.took.sort_unstable();
            let at = |share: usize| {
                let place = (kind.took.len() * share / 100).min(kind.took.len().saturating_sub(1));
                kind.took.get(place).map_or(0.0, |took| took.as_secs_f64() * 1000.0)
            };
            let statuses: Vec<String> =
                kind.statuses.iter().map(|(status, number)| format!("{status}: {number}")).collect();
            let (half, most) = (at(50), at(99));
            println!(
                "{name:<12}{:>8}{half:>10.1}{most:>10.1}{:>8}  {}",
                kind.took.len(),
                kind.bad,
                statuses.join(", ")
            );
            if let Some(example) = &kind.example {
                println!("  the first bad one: {example}");
            }
            count += kind.took.len();
            bad += kind.bad;
        }
        let rate = count as f64 / seconds as f64;
        println!("{count} answers, {rate:.1} a second; errors of ours: {bad}");
        let at = |place: usize| memory.get(place).copied().unwrap_or_default();
        println!(
            "resident memory in KiB after a tenth: {}, in the middle: {}, at the end: {}, most: {}",
            at(1),
            at(memory.len() / 2),
            at(memory.len().saturating_sub(1)),
            memory.iter().copied().max().unwrap_or_default()
        );
        let grew = keeps_growing(memory);
        if grew {
            println!("memory: at the end more than half as much again as in the middle, and 8 MiB");
        }
        bad + u64::from(grew)
    }
}

/// Whether there is more at the end than one and a half times what there was in the middle, and 8 MiB: in KiB.
fn keeps_growing(memory: &[u64]) -> bool {
    let middle = memory.get(memory.len() / 2).copied().unwrap_or_default();
    let end = memory.last().copied().unwrap_or_default();
    end > middle + middle / 2 + 8 * 1024
}

/// Resident memory of a process in KiB.
pub(super) fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
