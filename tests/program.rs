//! Runs the built program in the project's folder.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The program, to be run from the project's folder so that reports name files alike everywhere.
pub(crate) fn shelfread(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shelfread"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(args).stdin(Stdio::null());
    command
}

/// Runs to the end.
pub(crate) fn run(args: &[&str]) -> Output {
    shelfread(args).output().unwrap()
}

/// A finished report in a folder of its own.
pub(crate) struct Report {
    pub(crate) code: i32,
    place: TempDir,
}

impl Report {
    /// Runs `job` over `inputs` with further options.
    pub(crate) fn of(job: &str, inputs: &[&str], options: &[&str]) -> Report {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("report");
        let mut args = vec![job];
        args.extend(inputs);
        args.extend(["-q", "-o", target.to_str().unwrap()]);
        args.extend(options);
        let output = run(&args);
        let told = String::from_utf8_lossy(&output.stderr);
        let is_quiet = told.lines().all(|line| line.contains(" is not whole: "));
        assert!(is_quiet || output.status.code() == Some(2), "{told}");
        Report { code: output.status.code().unwrap(), place }
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.place.path().join("report")
    }

    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// All files, those of inner folders with their folder, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        files(&self.folder())
    }

    pub(crate) fn lines(&self, name: &str) -> Vec<serde_json::Value> {
        self.text(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) fn summary(&self) -> serde_json::Value {
        serde_json::from_str(&self.text("summary.json")).unwrap()
    }
}

/// Names in a folder, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Files in a folder and its folders, as paths from it, sorted.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let inner = |name: String| {
        let path = folder.join(&name);
        if path.is_dir() { names(&path).into_iter().map(|file| format!("{name}/{file}")).collect() } else { vec![name] }
    };
    names(folder).into_iter().flat_map(inner).collect()
}

/// Says what part of a test is left out, as `scripts/left_out` does: a failure where `STRICT=1`, and a line for the end of `.ci/run`.
pub(crate) fn left_out(what: &str, needs: &str) {
    let line = format!("{what} is left out: it needs {needs}");
    let _ = writeln!(std::io::stderr(), "{line}");
    if let Some(list) = std::env::var_os("LEFT_OUT").filter(|list| !list.is_empty()) {
        let mut list = fs::OpenOptions::new().append(true).create(true).open(list).unwrap();
        writeln!(list, "{line}").unwrap();
    }
    assert!(std::env::var_os("STRICT").is_none_or(|strict| strict != "1"), "{line}");
}
