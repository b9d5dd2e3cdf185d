//! What a user sees while a run goes on: bars on a terminal, plain lines elsewhere; always on stderr.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::inert::inert_lines;

/// What a bar counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Bytes read.
    Bytes,
    /// Anything else, one by one.
    Items,
}

/// Times of one stage, for `run.json`.
#[derive(Clone, Debug, Serialize)]
pub struct StageTime {
    /// Stage name.
    pub stage: &'static str,
    /// Wall time in seconds.
    pub seconds: f64,
    /// Largest anonymous memory seen during the stage, in bytes; mapped input does not count. Absent where
    /// the system does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_anonymous_bytes: Option<u64>,
}

/// Shows stages and keeps their times.
pub struct Progress {
    style: Style,
    times: Mutex<Vec<StageTime>>,
    sampler: Sampler,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Quiet,
    Lines,
    Bars,
}

impl Progress {
    /// Bars if stderr is a terminal, else lines; nothing if `quiet`.
    pub fn new(quiet: bool) -> Progress {
        let style = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => Style::Quiet,
            (false, true) => Style::Bars,
            (false, false) => Style::Lines,
        };
        Progress { style, times: Mutex::new(Vec::new()), sampler: Sampler::start() }
    }

    /// Starts a stage of `total` units (0: unknown).
    pub fn stage(&self, name: &'static str, total: u64, unit: Unit) -> Stage<'_> {
        let bar = ProgressBar::with_draw_target(Some(total), self.target());
        let template = match unit {
            Unit::Bytes => "{msg:>12} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta}",
            Unit::Items => "{msg:>12} [{bar:30}] {human_pos}/{human_len} {per_sec} {eta}",
        };
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(name);
        if self.style == Style::Bars {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        self.sampler.reset();
        Stage { progress: self, name, bar, start: Instant::now() }
    }

    fn target(&self) -> ProgressDrawTarget {
        if self.style == Style::Bars { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() }
    }

    /// Writes one line of the funnel: a count and what it counts.
    pub fn count(&self, n: u64, what: &str) {
        self.line(&format!("{:>15} {what}", grouped(n)));
    }

    /// Writes a line, unless quiet.
    pub fn line(&self, text: &str) {
        if self.style != Style::Quiet {
            self.warn(text);
        }
    }

    /// Writes a line in any case: results that look whole and are not must not pass for clean ones.
    pub fn warn(&self, text: &str) {
        // A closed stderr must not end the run.
        let _ = writeln!(std::io::stderr(), "{}", inert_lines(text));
    }

    /// Times of the finished stages, in order.
    pub fn times(&self) -> Vec<StageTime> {
        self.times.lock().expect("no thread panics while holding it").clone()
    }
}

/// A running stage.
pub struct Stage<'a> {
    progress: &'a Progress,
    name: &'static str,
    bar: ProgressBar,
    start: Instant,
}

impl Stage<'_> {
    /// Counts `n` more units; from any thread.
    pub fn advance(&self, n: u64) {
        self.bar.inc(n);
    }

    /// Ends the stage and keeps its time.
    pub fn finish(self) {
        self.bar.finish_and_clear();
        let time = StageTime {
            stage: self.name,
            seconds: self.start.elapsed().as_secs_f64(),
            peak_anonymous_bytes: self.progress.sampler.peak(),
        };
        self.progress.times.lock().expect("no thread panics while holding it").push(time);
    }
}

/// `1234567` as `1 234 567`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// Watches anonymous memory from a thread of its own.
struct Sampler {
    shared: std::sync::Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    peak: AtomicU64,
    stop: AtomicBool,
}

/// Time between two looks at memory: short beside any stage that matters.
const SAMPLE_EVERY: Duration = Duration::from_millis(20);

impl Sampler {
    fn start() -> Sampler {
        let shared = std::sync::Arc::new(Shared::default());
        let of_thread = shared.clone();
        let watch = move || {
            while !of_thread.stop.load(Ordering::Relaxed) {
                let Some(now) = anonymous_bytes() else { return };
                of_thread.peak.fetch_max(now, Ordering::Relaxed);
                std::thread::sleep(SAMPLE_EVERY);
            }
        };
        Sampler { shared, thread: std::thread::Builder::new().name("memory".to_owned()).spawn(watch).ok() }
    }

    fn reset(&self) {
        self.shared.peak.store(0, Ordering::Relaxed);
    }

    fn peak(&self) -> Option<u64> {
        let now = anonymous_bytes()?;
        Some(self.shared.peak.load(Ordering::Relaxed).max(now))
    }
}

impl Drop for Sampler {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A sampler that panicked has nothing more to tell.
            let _ = thread.join();
        }
    }
}

/// Anonymous resident memory of this process in bytes, as Linux tells it.
fn anonymous_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("RssAnon:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn counts_are_grouped_by_thousands() {
        for (n, text) in [(0, "0"), (999, "999"), (1000, "1 000"), (1234567, "1 234 567")] {
            assert_eq!(grouped(n), text);
        }
    }
}
