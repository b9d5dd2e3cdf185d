//! What goes wrong around a run: exports that change under it, full disks, lost permissions, kills. Afterwards either the
//! old state or the new one is there, whole, and the program says why.
#![cfg(unix)]

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant, SystemTime};

use crate::program::{files, left_out, names, run, shelfread};

const SAMPLE: &str = "testdata/sample.jsonl";
/// Times that the program is killed before its end, per command.
const N_KILLS: usize = 50;

fn sample() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE)).unwrap()
}

/// The sample `copies` times, with ids of their own.
fn large(copies: usize) -> String {
    let records: Vec<serde_json::Value> = sample().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut text = String::new();
    for copy in 0..copies {
        for record in &records {
            let mut record = record.clone();
            record["id"] = format!("{}-{copy}", record["id"].as_str().unwrap()).into();
            text.push_str(&record.to_string());
            text.push('\n');
        }
    }
    text
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn path(place: &Path, name: &str) -> String {
    place.join(name).to_str().unwrap().to_owned()
}

/// Waits until the program has started its report, and so reads.
fn wait_for_partial(place: &Path) {
    let start = Instant::now();
    while !names(place).iter().any(|name| name.contains(".shelfread-partial-")) {
        assert!(start.elapsed() < Duration::from_secs(20), "no folder was started");
        std::thread::yield_now();
    }
}

/// Waits until the program has mapped the export; what befalls that from now on befalls the run.
fn wait_for_map(child: &Child, name: &str) {
    let start = Instant::now();
    let maps = format!("/proc/{}/maps", child.id());
    while Path::new("/proc/self/maps").exists() && !fs::read_to_string(&maps).is_ok_and(|maps| maps.contains(name)) {
        assert!(start.elapsed() < Duration::from_secs(20), "{name} was not opened");
        std::thread::yield_now();
    }
}

/// Runs `check` over an export that `change` befalls while it is read; returns its exit code and what it said.
fn checked_while(content: &str, change: impl FnOnce(&Path)) -> (Option<i32>, String, Vec<String>) {
    let place = tempfile::tempdir().unwrap();
    let export = place.path().join("export.jsonl");
    fs::write(&export, content).unwrap();
    let args = ["check", export.to_str().unwrap(), "-q", "--threads", "1", "-o", &path(place.path(), "report")];
    let child = shelfread(&args).stderr(Stdio::piped()).spawn().unwrap();
    wait_for_partial(place.path());
    wait_for_map(&child, "export.jsonl");
    change(&export);
    let output = child.wait_with_output().unwrap();
    let mut left = names(place.path());
    left.retain(|name| !name.starts_with("export"));
    (output.status.code(), text(&output.stderr), left)
}

#[test]
fn an_export_that_is_cut_short_under_the_run_ends_it_in_order() {
    let content = large(40);
    let (code, said, left) = checked_while(&content, |export| {
        File::options().write(true).open(export).unwrap().set_len(4096).unwrap();
    });
    assert_eq!((code, left), (Some(2), vec![]), "{said}");
    assert!(said.contains("export.jsonl: it became shorter while it was read"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn an_export_that_is_no_longer_what_was_read_gives_no_report() {
    let content = large(8);
    let append = |export: &Path| {
        File::options().append(true).open(export).unwrap().write_all(b"{\"id\":\"late\"}\n").unwrap();
    };
    let replace = |export: &Path| {
        fs::write(export.with_extension("new"), content.replace("-3\"", "-x\"")).unwrap();
        fs::rename(export.with_extension("new"), export).unwrap();
    };
    for (change, word) in [
        (&append as &dyn Fn(&Path), "bytes while it was read"),
        (&replace, "its content changed while it was read"),
        (&|export| fs::remove_file(export).unwrap(), "it was removed while it was read"),
    ] {
        let (code, said, left) = checked_while(&content, change);
        assert_eq!((code, left), (Some(2), vec![]), "{said}");
        assert!(said.contains(word) && said.contains("nothing was written"), "{said}");
    }
}

#[test]
fn an_export_that_was_only_touched_is_what_it_was() {
    let content = large(4);
    let touch =
        |export: &Path| File::options().write(true).open(export).unwrap().set_modified(SystemTime::now()).unwrap();
    let copy = |export: &Path| {
        fs::copy(export, export.with_extension("new")).unwrap();
        fs::rename(export.with_extension("new"), export).unwrap();
    };
    for change in [&touch as &dyn Fn(&Path), &copy] {
        let (code, said, left) = checked_while(&content, change);
        assert_eq!((code, left), (Some(0), vec!["report".to_owned()]), "{said}");
    }
}

/// Whether file systems can be mounted in a namespace of their own; says if not.
pub(crate) fn may_mount() -> bool {
    let allowed = Command::new("unshare").args(["-rm", "true"]).output().is_ok_and(|output| output.status.success());
    if !allowed {
        left_out("the test of a disk that is full or read-only", "file systems in a namespace (unshare -rm)");
    }
    allowed
}

/// Runs a shell script as root of a namespace of its own, in which file systems can be mounted; `None` where the
/// system does not allow that.
fn in_namespace(script: &str) -> Option<Output> {
    if !may_mount() {
        return None;
    }
    let script = format!("set -e; shelfread='{}'; {script}", env!("CARGO_BIN_EXE_shelfread"));
    let output =
        Command::new("unshare").args(["-rm", "sh", "-c", &script]).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    Some(output.unwrap())
}

#[test]
fn a_signal_that_is_to_be_ignored_ends_no_run() {
    let place = tempfile::tempdir().unwrap();
    let (export, report) = (path(place.path(), "export.jsonl"), path(place.path(), "report"));
    fs::write(&export, large(60)).unwrap();
    let ended = |before: &str| {
        let _ = fs::remove_dir_all(&report);
        let script = format!("{before} exec '{}' check {export} -q -o {report}", env!("CARGO_BIN_EXE_shelfread"));
        let mut child = Command::new("bash").args(["-c", &script]).stderr(Stdio::null()).spawn().unwrap();
        // Until the run has begun, which is when its folder is there.
        while names(place.path()).len() == 1 && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let hang_up = Command::new("kill").args(["-HUP", &child.id().to_string()]).status().unwrap();
        assert!(hang_up.success(), "the run was over before it was hung up");
        (child.wait().unwrap().code() < Some(2), Path::new(&report).exists())
    };
    assert_eq!(ended(""), (false, false));
    assert_eq!(ended("trap '' HUP;"), (true, true));
}

#[test]
fn a_full_disk_is_said_at_every_stage_and_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let disk = path(place.path(), "disk");
    fs::create_dir(&disk).unwrap();
    let gz = "testdata/shapes/lines.jsonl.gz";
    let report = path(place.path(), "report");
    assert_eq!(run(&["check", SAMPLE, "-q", "-o", &report]).status.code(), Some(0));
    let lines = path(place.path(), "lines.jsonl");
    let line = |at: usize| format!("{{\"a\":\"r{at}\",\"b\":\"s\",\"decision\":\"accept\"}}\n");
    fs::write(&lines, (0..300).map(line).collect::<String>()).unwrap();
    let mut said = std::collections::BTreeSet::new();
    for command in [
        format!("check {SAMPLE} {gz} -q -o {disk}/out"),
        format!("apply {report} -q -o {disk}/out"),
        format!("fix {SAMPLE} --fixes {report}/fixes.jsonl -q -o {disk}/out"),
        format!("audit {SAMPLE} -q --write-baseline {disk}/out"),
        format!("dedupe {SAMPLE} -q --force -o {} --index {disk}/out", path(place.path(), "other")),
        format!("train {SAMPLE} -q -o {disk}/out"),
        format!("evaluate {report} -q --gold testdata/sample_gold.tsv -o {disk}/out"),
        format!("decisions export {lines} -o {disk}/out"),
    ] {
        // 4 KiB is one page; twice as much each time until it fits.
        for size in (2..14).map(|power| 1 << power) {
            let script = format!(
                "mount -t tmpfs -o size={size}k tmpfs {disk}; export TMPDIR={disk}; code=0; $shelfread {command} || code=$?; \
                 ls -A {disk}; exit $code"
            );
            let Some(output) = in_namespace(&script) else { return };
            let (left, errors) = (text(&output.stdout), text(&output.stderr));
            let left = left.lines().last().unwrap_or_default();
            match output.status.code() {
                Some(0) => {
                    assert_eq!(left, "out", "{command}");
                    break;
                }
                code => {
                    assert_eq!((code, left), (Some(2), ""), "{size} KiB: {command}: {errors}");
                    assert!(errors.contains("disk is full") || errors.contains("is the disk full"), "{errors}");
                    said.insert(errors.split(':').next_back().unwrap_or_default().to_owned());
                    assert!(size < 1 << 13, "{command} needs more than 8 MiB");
                }
            }
        }
    }
    println!("{said:?}");
}

/// What is in the baseline is not told again: it is replaced only when all findings have been told.
#[test]
fn findings_that_nobody_was_told_of_are_not_known() {
    let place = tempfile::tempdir().unwrap();
    let (baseline, report) = (path(place.path(), "baseline"), path(place.path(), "report"));
    let first = place.path().join("first.jsonl");
    fs::write(&first, sample().lines().take(20).map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    let args = ["audit", first.to_str().unwrap(), "-q", "--write-baseline", &baseline];
    assert_eq!(run(&args).status.code(), Some(0));
    let before = fs::read(&baseline).unwrap();
    for (limit, out) in [("true", "--format sarif > /dev/full"), ("trap '' XFSZ; ulimit -f 8", &format!("-o {report}"))]
    {
        let script = format!(
            "{limit}; exec '{}' audit {SAMPLE} -q --baseline {baseline} --write-baseline {baseline} {out}",
            env!("CARGO_BIN_EXE_shelfread")
        );
        let output = Command::new("bash").args(["-c", &script]).current_dir(env!("CARGO_MANIFEST_DIR")).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(2), "{out}: {}", text(&output.stderr));
        assert!(before == fs::read(&baseline).unwrap(), "{out}: the baseline was replaced");
    }
    assert!(!Path::new(&report).exists());
}

#[test]
fn a_full_disk_leaves_the_old_index() {
    let place = tempfile::tempdir().unwrap();
    let (disk, old, report) = (path(place.path(), "disk"), path(place.path(), "old"), path(place.path(), "report"));
    fs::create_dir(&disk).unwrap();
    assert_eq!(run(&["dedupe", SAMPLE, "-q", "-o", &report, "--index", &old]).status.code(), Some(0));
    let kilobytes =
        fs::read_dir(&old).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len() / 1024 + 4).sum::<u64>();
    let mut n_full = 0;
    for more in [8, 64, 256, kilobytes / 2, kilobytes, 3 * kilobytes] {
        let size = kilobytes + more;
        let script = format!(
            "mount -t tmpfs -o size={size}k tmpfs {disk}; cp -r {old} {disk}/index; code=0; \
             $shelfread dedupe {SAMPLE} testdata/damaged.jsonl -q --force -o {report} --index {disk}/index || code=$?; \
             ls -A {disk}; diff -r {old} {disk}/index >&2 || echo other; exit $code"
        );
        let Some(output) = in_namespace(&script) else { return };
        let (left, errors) = (text(&output.stdout), text(&output.stderr));
        match output.status.code() {
            Some(0) => assert_eq!(left, "index\nother\n", "{size} KiB"),
            code => {
                n_full += 1;
                assert_eq!((code, left.as_str()), (Some(2), "index\n"), "{size} KiB: {errors}");
                assert!(errors.contains("disk is full"), "{errors}");
            }
        }
    }
    assert!((1..6).contains(&n_full), "{n_full} of 6 were full");
}

#[test]
fn a_full_disk_takes_all_decisions_of_an_import_or_none() {
    let place = tempfile::tempdir().unwrap();
    let disk = path(place.path(), "disk");
    fs::create_dir(&disk).unwrap();
    let lines = |name: &str, n: usize| {
        let line = |at: usize| format!("{{\"a\":\"{name}{at}\",\"b\":\"s\",\"decision\":\"accept\"}}\n");
        fs::write(place.path().join(name), (0..n).map(line).collect::<String>()).unwrap();
        path(place.path(), name)
    };
    let (few, many) = (lines("few", 20), lines("many", 1000));
    let mut seen = std::collections::BTreeSet::new();
    for size in [64, 128, 256, 512, 1024, 4096] {
        let script = format!(
            "mount -t tmpfs -o size={size}k tmpfs {disk}; $shelfread decisions import {few} --into {disk}/store >&2 || exit 9; code=0; \
             $shelfread decisions import {many} --into {disk}/store >&2 || code=$?; \
             $shelfread decisions export {disk}/store | wc -l; exit $code"
        );
        let Some(output) = in_namespace(&script) else { return };
        let n: usize = text(&output.stdout).trim().parse().unwrap_or_default();
        let code = output.status.code();
        seen.insert(code);
        match code {
            Some(9) => assert!(text(&output.stderr).contains("disk"), "{}", text(&output.stderr)),
            Some(2) => {
                assert_eq!(n, 20, "{size} KiB");
                assert!(text(&output.stderr).contains("disk"), "{}", text(&output.stderr));
            }
            code => assert_eq!((code, n), (Some(0), 1020), "{size} KiB: {}", text(&output.stderr)),
        }
    }
    assert!(seen.contains(&Some(0)) && seen.contains(&Some(2)), "{seen:?}");
}

#[test]
fn a_full_standard_output_is_an_error() {
    for args in [&["config"][..], &["audit", SAMPLE, "-q", "--format", "jsonl"], &["rules"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = shelfread(args).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output.stderr).contains("cannot write to stdout"), "{}", text(&output.stderr));
    }
}

#[test]
fn a_disk_that_can_only_be_read_is_said() {
    let place = tempfile::tempdir().unwrap();
    let disk = place.path().display();
    let script = format!("mount -t tmpfs -o ro tmpfs {disk}; exec $shelfread check {SAMPLE} -q -o {disk}/report");
    let Some(output) = in_namespace(&script) else { return };
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("its disk can only be read"), "{}", text(&output.stderr));
}

/// The command as somebody without any rights: root may do everything, so root becomes nobody.
fn powerless(command: &mut Command) -> &mut Command {
    const NOBODY: u32 = 65_534;
    if File::open("/proc/self").and_then(|file| file.metadata()).is_ok_and(|own| own.uid() == 0) {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

#[test]
fn what_may_not_be_read_or_written_is_said() {
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let export = path(place.path(), "export.jsonl");
    fs::write(&export, sample()).unwrap();
    let open = place.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    let closed = place.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    let check = |output: &Path| {
        let output = path(output, "report");
        powerless(&mut shelfread(&["check", &export, "-q", "-o", &output])).output().unwrap()
    };
    let output = check(&closed);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("permission denied; choose another folder"), "{}", text(&output.stderr));
    // A file that can only be read is all that is asked of an export.
    fs::set_permissions(&export, fs::Permissions::from_mode(0o444)).unwrap();
    let output = check(&open);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    fs::set_permissions(&export, fs::Permissions::from_mode(0o000)).unwrap();
    fs::remove_dir_all(open.join("report")).unwrap();
    let output = check(&open);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("permission denied; check the file's access rights"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(names(&open), [""; 0]);
}

#[test]
fn permission_lost_on_the_way_leaves_the_old_report() {
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let report = path(place.path(), "report");
    let mut child = powerless(&mut shelfread(&["check", "-", "-q", "-o", &report]))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for_partial(place.path());
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o555)).unwrap();
    child.stdin.take().unwrap().write_all(sample().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("permission denied"), "{}", text(&output.stderr));
    assert!(!Path::new(&report).exists());
}

/// Kills running programs until [`N_KILLS`] of them were hit before their end, at random moments: always the same ones, as
/// far as the machine goes.
struct Kills {
    state: u64,
    /// How long a run takes, about: follows what is seen, for a busy machine is slower in one minute than in the next.
    longest: Duration,
    n_hit: usize,
    n_missed: usize,
}

impl Kills {
    fn new(seed: u64, longest: Duration) -> Self {
        Self { state: seed, longest, n_hit: 0, n_missed: 0 }
    }

    fn are_left(&self) -> bool {
        assert!(self.n_missed <= 4 * N_KILLS, "only {} kills hit a run", self.n_hit);
        self.n_hit < N_KILLS
    }

    fn moment(&mut self) -> Duration {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.longest.mul_f64(1.1 * (self.state >> 11) as f64 / (1_u64 << 53) as f64)
    }

    fn kill(&mut self, mut child: Child) {
        let moment = self.moment();
        std::thread::sleep(moment);
        child.kill().unwrap();
        if child.wait().unwrap().signal() == Some(9) {
            self.n_hit += 1;
            self.longest = self.longest.mul_f64(1.02);
        } else {
            self.n_missed += 1;
            // It had ended by then.
            self.longest = self.longest.min(moment);
        }
    }
}

/// All files of a folder with their content, but for the file that tells how long the run took.
fn content(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = files(folder).into_iter().filter(|name| name != "run.json");
    files.map(|name| (name.clone(), fs::read(folder.join(&name)).unwrap())).collect()
}

/// Kills a command that replaces a folder at random moments. What is there then is the old folder or the new one, and the
/// next run tidies up.
fn kill_while_replacing(job: &str, old: &[&str], new: &[&str]) {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("target");
    let with = |args: &[&str]| {
        let args = args.iter().copied().chain(["-q", "--force", "-o", target.to_str().unwrap()]);
        args.map(str::to_owned).collect::<Vec<_>>()
    };
    let command = |args: &[&str]| {
        let args = with(args);
        shelfread(&args.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let made = |args: &[&str]| {
        let start = Instant::now();
        assert!(command(args).stdout(Stdio::null()).status().unwrap().code() < Some(2));
        (content(&target), start.elapsed())
    };
    let ((of_new, longest), (of_old, _)) = (made(new), made(old));
    assert!(of_new != of_old);
    let mut kills = Kills::new(job.len() as u64, longest);
    let mut n_old = 0;
    while kills.are_left() {
        kills.kill(command(new).stdout(Stdio::null()).spawn().unwrap());
        let now = content(&target);
        assert!(now == of_old || now == of_new, "{job}: neither the old nor the new state");
        n_old += usize::from(now == of_old);
        if now == of_new {
            made(old);
        }
        assert!(names(place.path()).contains(&"target".to_owned()));
    }
    println!(
        "{job}: {} kills of {} runs, the old state stood {n_old} times",
        kills.n_hit,
        kills.n_hit + kills.n_missed
    );
    made(new);
    assert_eq!(names(place.path()), ["target"], "the next run tidies up");
}

#[test]
fn a_killed_check_leaves_the_old_report_or_the_new_one() {
    kill_while_replacing("check", &["check", "testdata/damaged.jsonl"], &["check", SAMPLE]);
}

#[test]
fn a_killed_update_leaves_the_old_index_or_the_new_one() {
    let place = tempfile::tempdir().unwrap();
    let (index, report) = (path(place.path(), "index"), path(place.path(), "report"));
    let command = |inputs: &[&str]| {
        [&["dedupe"], inputs, &["-q", "--force", "-o", &report, "--index", &index]].concat().join("\n")
    };
    let started = |inputs: &[&str]| {
        let args = command(inputs);
        shelfread(&args.split('\n').collect::<Vec<_>>()).stdout(Stdio::null()).spawn().unwrap()
    };
    let made = |inputs: &[&str]| {
        let start = Instant::now();
        assert!(started(inputs).wait().unwrap().success());
        (content(Path::new(&index)), start.elapsed())
    };
    let (old, new) = ([SAMPLE], [SAMPLE, "testdata/damaged.jsonl"]);
    let (of_old, _) = made(&old);
    let (of_new, longest) = made(&new);
    assert!(of_new != of_old);
    assert!(made(&old).0 == of_old, "the same export gives the same index, whatever was there");
    let mut kills = Kills::new(5, longest);
    let mut n_old = 0;
    while kills.are_left() {
        kills.kill(started(&new));
        let now = content(Path::new(&index));
        assert!(now == of_old || now == of_new, "neither the old nor the new index");
        n_old += usize::from(now == of_old);
        if now == of_new {
            assert!(made(&old).0 == of_old);
        }
    }
    println!(
        "index: {} kills of {} runs, the old state stood {n_old} times",
        kills.n_hit,
        kills.n_hit + kills.n_missed
    );
    made(&new);
    assert_eq!(names(place.path()), ["index", "report"], "the next run tidies up");
}

#[test]
fn a_killed_apply_leaves_the_old_folder_or_the_new_one() {
    let place = tempfile::tempdir().unwrap();
    let (one, other) = (path(place.path(), "one"), path(place.path(), "other"));
    // The same records, so that either may replace the other; they name their reports.
    for report in [&one, &other] {
        assert!(run(&["check", SAMPLE, "-q", "-o", report]).status.code() < Some(2));
    }
    kill_while_replacing("apply", &["apply", &other], &["apply", &one]);
}

#[test]
fn a_killed_import_has_taken_all_decisions_or_none() {
    let place = tempfile::tempdir().unwrap();
    let (store, lines) = (path(place.path(), "decisions.sqlite"), path(place.path(), "lines.jsonl"));
    const N_LINES: usize = 500;
    let import = |round: usize| {
        let line = |at: usize| format!("{{\"a\":\"r{round}-{at}\",\"b\":\"s\",\"decision\":\"accept\"}}\n");
        fs::write(&lines, (0..N_LINES).map(line).collect::<String>()).unwrap();
        shelfread(&["decisions", "import", &lines, "--into", &store]).stdout(Stdio::null()).spawn().unwrap()
    };
    let n_decisions = || {
        let exported = run(&["decisions", "export", &store]);
        assert_eq!(exported.status.code(), Some(0), "{}", text(&exported.stderr));
        text(&exported.stdout).lines().count()
    };
    let start = Instant::now();
    assert!(import(0).wait().unwrap().success());
    let mut kills = Kills::new(7, start.elapsed());
    let mut n_before = n_decisions();
    assert_eq!(n_before, N_LINES);
    while kills.are_left() {
        kills.kill(import(1 + kills.n_hit + kills.n_missed));
        let n_now = n_decisions();
        assert!(n_now == n_before || n_now == n_before + N_LINES, "{n_before} decisions before, {n_now} now");
        n_before = n_now;
    }
    println!("decisions: {} kills of {} imports", kills.n_hit, kills.n_hit + kills.n_missed);
}

#[test]
fn of_two_runs_on_one_output_one_says_why_it_does_not_run() {
    let place = tempfile::tempdir().unwrap();
    let report = path(place.path(), "report");
    let mut first =
        shelfread(&["check", "-", "-q", "-o", &report]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for_partial(place.path());
    for options in [&[][..], &["--force"]] {
        let output = run(&[&["check", SAMPLE, "-q", "-o", &report], options].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("another run of shelfread is writing it"), "{}", text(&output.stderr));
    }
    first.stdin.take().unwrap().write_all(sample().as_bytes()).unwrap();
    assert_eq!(first.wait().unwrap().code(), Some(0));
    assert_eq!(names(place.path()), ["report"]);
    // All at once: one report, and a reason for each of the others.
    fs::remove_dir_all(&report).unwrap();
    let start = |_| shelfread(&["check", SAMPLE, "-q", "-o", &report]).stderr(Stdio::piped()).spawn().unwrap();
    let children: Vec<Child> = (0..6).map(start).collect();
    let outputs: Vec<Output> = children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    let n_done = outputs.iter().filter(|output| output.status.code() == Some(0)).count();
    assert_eq!(n_done, 1);
    for output in outputs.iter().filter(|output| output.status.code() != Some(0)) {
        let said = text(&output.stderr);
        assert!(said.contains("another run") || said.contains("exists already"), "{said}");
    }
    assert_eq!(names(place.path()), ["report"]);
}

#[test]
fn of_two_runs_on_one_index_one_says_why_it_does_not_run() {
    let place = tempfile::tempdir().unwrap();
    let (index, one, other) = (path(place.path(), "index"), path(place.path(), "one"), path(place.path(), "other"));
    let args = ["dedupe", "-", "-q", "-o", &one, "--index", &index];
    let mut first = shelfread(&args).stdin(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    while !names(place.path()).iter().any(|name| name.contains("index.shelfread-partial-")) {
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", names(place.path()));
        std::thread::yield_now();
    }
    let output = run(&["dedupe", SAMPLE, "-q", "-o", &other, "--index", &index]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("another run of shelfread is writing it"), "{}", text(&output.stderr));
    first.stdin.take().unwrap().write_all(sample().as_bytes()).unwrap();
    assert_eq!(first.wait().unwrap().code(), Some(0));
    assert_eq!(names(place.path()), ["index", "one"]);
}

#[test]
fn imports_at_once_lose_no_decision() {
    let place = tempfile::tempdir().unwrap();
    let store = path(place.path(), "store");
    let import = |file: usize| {
        let line = |at: usize| format!("{{\"a\":\"{file}-{at}\",\"b\":\"s\",\"decision\":\"accept\"}}\n");
        let lines = path(place.path(), &format!("lines{file}"));
        fs::write(&lines, (0..100).map(line).collect::<String>()).unwrap();
        let mut command = shelfread(&["decisions", "import", &lines, "--into", &store]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let imports: Vec<Child> = (0..6).map(import).collect();
    let outputs = imports.into_iter().map(|child| child.wait_with_output().unwrap());
    let n_done = outputs
        .filter(|output| {
            let said = text(&output.stderr);
            assert!(output.status.success() || (output.status.code() == Some(2) && said.contains("store")), "{said}");
            output.status.success()
        })
        .count();
    assert!(n_done > 0);
    let exported = run(&["decisions", "export", &store]);
    assert_eq!(text(&exported.stdout).lines().count(), 100 * n_done);
}

/// What is set in the environment of a child that is to meet a defect.
const DEFECT_IN: &str = "SHELFREAD_TEST_DEFECT_IN";

#[test]
fn a_defect_is_said_to_be_ours_and_leaves_nothing() {
    use rayon::prelude::*;
    use shelfread::files::{faults, folder::Folder};
    use shelfread::report::CONTENTS;
    // The child: this test again, within which a command fails on a thread of its own, with half a report written.
    if let Some(place) = std::env::var_os(DEFECT_IN) {
        let done = faults::guarded(|| {
            let folder = Folder::start(&Path::new(&place).join("report"), &CONTENTS, false).unwrap();
            fs::write(folder.path().join("findings.jsonl"), "half").unwrap();
            (0..100).into_par_iter().for_each(|at| assert!(at != 50, "made up\u{1b}[2J"));
            folder.publish().unwrap();
        });
        assert!(done.is_none());
        println!("it came back");
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "faults::a_defect_is_said_to_be_ours_and_leaves_nothing", "--nocapture"])
        .env(DEFECT_IN, place.path())
        .env_remove("RUST_BACKTRACE")
        .output()
        .unwrap();
    let said = text(&output.stderr);
    let start = "shelfread: a defect of shelfread ";
    let told = said.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{said}"));
    for word in ["not of your data", "made up", "tests/faults.rs:", "Please report it", "\\u001b"] {
        assert!(told.contains(word), "{word}: {told}");
    }
    assert_eq!(said.matches(start).count(), 1, "{said}");
    assert!(text(&output.stdout).contains("it came back"));
    assert_eq!(names(place.path()), [""; 0], "nothing half-written is left");
}

#[test]
fn neither_clock_nor_home_nor_locale_shows_in_a_report() {
    let place = tempfile::tempdir().unwrap();
    let export = place.path().join("export.jsonl");
    fs::write(&export, sample()).unwrap();
    let check = |name: &str, prepare: &dyn Fn(&mut Command)| {
        let report = place.path().join(name);
        let mut command = shelfread(&["check", export.to_str().unwrap(), "-q", "-o", report.to_str().unwrap()]);
        prepare(&mut command);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{name}: {}", text(&output.stderr));
        content(&report)
    };
    let plain = check("plain", &|_| ());
    assert!(plain == check("bare", &|command| _ = command.env_clear()), "without any environment");
    let locale = |command: &mut Command| {
        _ = command.env("LC_ALL", "C").env("LANG", "C").env("TZ", "Pacific/Kiritimati");
    };
    assert!(plain == check("locale", &locale), "locale and time zone");
    assert!(plain == check("home", &|command| _ = command.env("HOME", "/nowhere")), "no home");
    // A clock that was set back sees files from the future, and one set forward old ones.
    for time in [SystemTime::now() + Duration::from_secs(1 << 30), SystemTime::UNIX_EPOCH] {
        File::options().write(true).open(&export).unwrap().set_modified(time).unwrap();
        assert!(plain == check("clock", &|_| ()), "{time:?}");
        fs::remove_dir_all(place.path().join("clock")).unwrap();
    }
}

#[test]
fn a_limit_on_memory_gives_an_error_and_no_crash() {
    let place = tempfile::tempdir().unwrap();
    let export = path(place.path(), "export.jsonl");
    fs::write(&export, large(60)).unwrap();
    let report = path(place.path(), "report");
    let mut n_failed = 0;
    for megabytes in [60, 100, 150, 200, 300, 500, 1_000, 4_000] {
        let script =
            format!("ulimit -v {megabytes}000; exec {} check {export} -q -o {report}", env!("CARGO_BIN_EXE_shelfread"));
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        let said = text(&output.stderr);
        let code = output.status.code().unwrap_or_else(|| panic!("{megabytes} MB: {:?} {said}", output.status));
        match code {
            0 => fs::remove_dir_all(&report).unwrap(),
            _ => {
                n_failed += 1;
                assert!(
                    code == 2 && said.contains("memory") || said.contains("thread"),
                    "{megabytes} MB: {code} {said}"
                );
            }
        }
        assert_eq!(names(place.path()), ["export.jsonl"], "{megabytes} MB");
    }
    assert!((1..8).contains(&n_failed), "{n_failed} of 8 failed");
}

#[test]
fn inputs_are_never_written() {
    let place = tempfile::tempdir().unwrap();
    let inputs = place.path().join("inputs");
    let out = place.path().join("out");
    fs::create_dir(&inputs).unwrap();
    fs::create_dir(&out).unwrap();
    let export = path(&inputs, "export.jsonl");
    fs::write(&export, sample()).unwrap();
    let gold = path(&inputs, "gold.tsv");
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample_gold.tsv"), &gold).unwrap();
    let lines = path(&inputs, "lines.jsonl");
    fs::write(&lines, "{\"a\":\"x\",\"b\":\"y\",\"decision\":\"reject\"}\n").unwrap();
    fs::set_permissions(&inputs, fs::Permissions::from_mode(0o555)).unwrap();
    for name in names(&inputs) {
        fs::set_permissions(inputs.join(name), fs::Permissions::from_mode(0o444)).unwrap();
    }
    let state = || -> Vec<(String, Vec<u8>, i64, i64)> {
        let state = |name: String| {
            let at = inputs.join(&name).metadata().unwrap();
            (name.clone(), fs::read(inputs.join(name)).unwrap(), at.mtime(), at.mtime_nsec())
        };
        names(&inputs).into_iter().map(state).collect()
    };
    let before = state();
    let out = |name: &str| path(&out, name);
    let (report, fixes) = (out("report"), out("report/fixes.jsonl"));
    let ids: Vec<String> = before[0]
        .1
        .split(|&byte| byte == b'\n')
        .take(2)
        .map(|line| serde_json::from_slice::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
        .collect();
    for args in [
        vec!["check", &export, "-q", "-o", &report, "--decisions", &lines],
        vec!["check", &export, "-q", "-o", &report, "--force"],
        vec!["audit", &export, "-q", "--write-baseline", &out("baseline")],
        vec!["fix", &export, "-q", "--fixes", &fixes, "-o", &out("copy")],
        vec!["fix", &export, "-q", "--preview"],
        vec!["explain", &export, &ids[0], &ids[1], "-q"],
        vec!["apply", &report, "-q", "-o", &out("applied")],
        vec!["evaluate", &report, "-q", "--gold", &gold],
        vec!["train", &export, "-q", "-o", &out("model.toml")],
        vec!["decisions", "import", &lines, "--into", &out("store")],
    ] {
        let output = run(&args);
        assert!(output.status.code() < Some(2), "{args:?}: {}", text(&output.stderr));
        assert!(before == state(), "{args:?} has changed an input");
    }
    // Nor where a user says so by mistake.
    for args in [
        vec!["audit", &export, "-q", "--write-baseline", &export],
        vec!["fix", &export, "-q", "--fixes", &fixes, "-o", &export, "--force"],
        vec!["fix", &export, "-q", "--fixes", &lines, "-o", &lines, "--force"],
        vec!["train", &export, "-q", "-o", &export, "--force"],
        vec!["check", &export, "-q", "-o", inputs.to_str().unwrap(), "--force"],
        vec!["check", &export, "-q", "-o", &export, "--force"],
        vec!["decisions", "import", &lines, "--into", &export],
    ] {
        let output = run(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", text(&output.stderr));
        assert!(before == state(), "{args:?} has changed an input");
    }
    fs::set_permissions(&inputs, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn no_home_and_no_working_folder_is_replaced() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("home");
    assert_eq!(run(&["dedupe", SAMPLE, "-q", "-o", home.to_str().unwrap()]).status.code(), Some(0));
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE);
    let args = ["dedupe", sample.to_str().unwrap(), "-q", "--force", "-o", home.to_str().unwrap()];
    let before = content(&home);
    let as_home = shelfread(&args).env("HOME", &home).output().unwrap();
    let from_there = shelfread(&args).current_dir(&home).output().unwrap();
    for output in [as_home, from_there] {
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("home or working folder"), "{}", text(&output.stderr));
        assert!(before == content(&home));
    }
    assert_eq!(shelfread(&args).status().unwrap().code(), Some(0), "else it is a report like any other");
}

#[test]
fn links_do_not_lead_the_output_elsewhere() {
    use std::os::unix::fs::symlink;
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let report = path(place.path(), "report");
    assert_eq!(run(&["dedupe", SAMPLE, "-q", "-o", &report]).status.code(), Some(0));
    symlink(&report, at("link")).unwrap();
    symlink(at("nowhere"), at("dangling")).unwrap();
    for name in ["link", "dangling"] {
        for options in [&[][..], &["--force"]] {
            let output = run(&[&["dedupe", SAMPLE, "-q", "-o", &path(place.path(), name)], options].concat());
            assert_eq!(output.status.code(), Some(2), "{name}");
        }
    }
    // The folder that a link leads to is found once, before the work; bending the link later changes nothing.
    fs::create_dir(at("one")).unwrap();
    fs::create_dir(at("other")).unwrap();
    symlink(at("one"), at("way")).unwrap();
    let mut child = shelfread(&["dedupe", "-", "-q", "-o", &path(place.path(), "way/report")])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for_partial(&at("one"));
    fs::remove_file(at("way")).unwrap();
    symlink(at("other"), at("way")).unwrap();
    child.stdin.take().unwrap().write_all(sample().as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!((names(&at("one")), names(&at("other"))), (vec!["report".to_owned()], vec![]));
}

#[test]
fn a_name_that_commands_a_terminal_is_shown_and_not_obeyed() {
    let output = run(&["check", "\u{1b}[2J\u{202e}.jsonl", "-o", "x"]);
    let said = text(&output.stderr);
    assert!(said.contains("\\u001b[2J\\u202e.jsonl") && !said.contains('\u{1b}'), "{said:?}");
}
