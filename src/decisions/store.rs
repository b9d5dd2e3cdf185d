//! Rulings in SQLite, so that one that was acknowledged is on disk.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, TransactionBehavior, params};

use super::import::{Plan, Prefer, plan};
use super::{Decision, Ruling};
use crate::error::Error;

/// How every SQLite file begins.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// Marks the file as ours (`application_id`): "shlf" in ASCII.
const APPLICATION: i32 = 0x73_68_6c_66;
/// Version of the tables (`user_version`).
const VERSION: i32 = 1;

const TABLES: &str = "
    CREATE TABLE ruling (
        -- Counts up and is never used again.
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        proposal TEXT NOT NULL,
        decision TEXT NOT NULL CHECK (decision IN ('accept', 'reject', 'split', 'defer', 'open')),
        -- List of {id, hash}.
        members TEXT NOT NULL CHECK (json_valid(members)),
        -- List of ids.
        out TEXT NOT NULL CHECK (json_valid(out)),
        survivor TEXT,
        -- Object of field: id.
        fields TEXT NOT NULL CHECK (json_valid(fields)),
        note TEXT NOT NULL,
        user TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX ruling_of_proposal ON ruling (proposal, seq);
";

const COLUMNS: &str = "seq, proposal, decision, members, out, survivor, fields, note, user, at";

/// A log of rulings. Several programs may have it open; each sees what the others added.
pub struct Store {
    path: PathBuf,
    connection: Connection,
    /// Which file it was when it was opened.
    file: Option<FileNumber>,
}

/// A ruling with its number, which counts up from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Numbered {
    /// The number.
    pub seq: i64,
    /// The ruling.
    pub ruling: Ruling,
}

impl AsRef<Ruling> for Numbered {
    fn as_ref(&self) -> &Ruling {
        &self.ruling
    }
}

/// What became of a ruling.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Appended {
    /// It is on disk, with this number.
    Yes(i64),
    /// Nothing was written: somebody else has decided meanwhile, and this is it.
    Overtaken(Box<Numbered>),
}

impl Store {
    /// Opens a store, or makes one. What [`Store::append`] reports as written is on disk even if the machine fails.
    ///
    /// # Errors
    /// If the file cannot be made, is no store, or one of a later version.
    pub fn open(path: &Path) -> Result<Store, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut store = Store::connect(path, flags)?;
        if store.connection.is_readonly("main").map_err(|error| failed(path, &error))? {
            return Err(Error::Decisions { path: path.display().to_string(), reason: READ_ONLY.to_owned() });
        }
        store.make_tables().map_err(|error| failed(path, &error))?;
        store.check()?;
        store.be_durable().map_err(|error| failed(path, &error))?;
        Ok(store)
    }

    /// Opens a store without changing what it says. Where it may be written, SQLite removes the files beside it once
    /// nobody has it open; with the right to read only, it would leave them behind.
    ///
    /// # Errors
    /// If there is none, or one of a later version.
    pub fn open_to_read(path: &Path) -> Result<Store, Error> {
        let opened = || {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let store = Store::connect(path, flags)?;
            store.check()?;
            Ok(store)
        };
        opened().or_else(|error| Store::open_unchanging(path).unwrap_or(Err(error)))
    }

    /// Opens a store in a folder where no file can be made beside it; `None` if that is not what is wrong. As long as no
    /// log of changes lies beside it, the file holds everything.
    fn open_unchanging(path: &Path) -> Option<Result<Store, Error>> {
        let is_free = |end: &str| {
            let mut beside = path.as_os_str().to_owned();
            beside.push(end);
            std::fs::metadata(beside).map_or(true, |log| log.len() == 0)
        };
        let is_store = path.metadata().is_ok_and(|file| file.is_file()) && is_free("-wal") && is_free("-journal");
        let uri = is_store.then(|| path.to_str()).flatten()?;
        let uri = uri.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(format!("file:{uri}?immutable=1"), flags).ok()?;
        let store = Store { path: path.to_owned(), connection, file: file_number(path) };
        Some(store.check().map(|()| store))
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Store, Error> {
        let fail = |error: rusqlite::Error| failed(path, &error);
        let connection = Connection::open_with_flags(path, flags).map_err(fail)?;
        connection.busy_timeout(Duration::from_secs(10)).map_err(fail)?;
        Ok(Store { path: path.to_owned(), connection, file: file_number(path) })
    }

    /// Refuses to go on with a file that nobody finds any more: what is written to it is lost, and what another one says is not seen.
    fn check_in_place(&self) -> Result<(), Error> {
        let now = file_number(&self.path);
        if now == self.file {
            return Ok(());
        }
        let what = if now.is_none() { "was removed or moved" } else { "was replaced by another file" };
        let reason =
            format!("it {what} while it was open; nothing was written. Start again with the store that counts");
        Err(Error::Decisions { path: self.path.display().to_string(), reason })
    }

    /// Makes the tables if the file is new, and changes no other.
    fn make_tables(&mut self) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let is_new: bool = transaction.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?;
        if is_new {
            transaction.execute_batch(TABLES)?;
            transaction.pragma_update(None, "application_id", APPLICATION)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
        }
        transaction.commit()
    }

    fn be_durable(&self) -> rusqlite::Result<()> {
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        // Answers with the mode; on file systems that cannot do it, the old one stays, which is as safe.
        self.connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))
    }

    fn check(&self) -> Result<(), Error> {
        let get = |name: &str| self.connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        let refuse = |reason: String| Error::Input { path: self.path.display().to_string(), reason, source: None };
        let (application, version) = (get("application_id"), get("user_version"));
        match (application.map_err(|error| self.fail(&error))?, version.map_err(|error| self.fail(&error))?) {
            (APPLICATION, VERSION) => Ok(()),
            (APPLICATION, version) => Err(refuse(format!(
                "its decisions are in version {version} of the tables and this program knows {VERSION}; take the program \
                 that wrote it to run `shelfread decisions export`, and import the result into a new file"
            ))),
            _ => Err(refuse("it is an SQLite file, but holds no decisions of shelfread; name another file".to_owned())),
        }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a ruling, made now. `seen` is the number of the last ruling on the proposal that the person knew of, 0 for
    /// none: if there is a later one, nothing is written.
    ///
    /// # Errors
    /// If it cannot be written, or the file is no longer in its place.
    pub fn append(&mut self, ruling: &Ruling, seen: i64) -> Result<Appended, Error> {
        self.check_in_place()?;
        self.try_append(ruling, seen).map_err(|error| failed(&self.path, &error))
    }

    fn try_append(&mut self, ruling: &Ruling, seen: i64) -> rusqlite::Result<Appended> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let last = last_of(&transaction, &ruling.proposal)?;
        if let Some(last) = last.filter(|last| last.seq != seen) {
            return Ok(Appended::Overtaken(Box::new(last)));
        }
        insert(&transaction, ruling)?;
        let seq = transaction.last_insert_rowid();
        transaction.commit()?;
        Ok(Appended::Yes(seq))
    }

    /// Takes over the rulings of another log, all or none. Nothing is written if there are conflicts and no side is
    /// preferred.
    ///
    /// # Errors
    /// If they cannot be written, or the file is no longer in its place.
    pub fn import<'r>(&mut self, rulings: &'r [Ruling], prefer: Option<Prefer>) -> Result<Plan<'r>, Error> {
        self.check_in_place()?;
        let import = |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let own: Vec<Ruling> = since(&transaction, 0)?.into_iter().map(|numbered| numbered.ruling).collect();
            let plan = plan(&own, rulings, prefer);
            if prefer.is_none() && !plan.conflicts.is_empty() {
                return Ok(plan);
            }
            for ruling in &plan.add {
                insert(&transaction, ruling)?;
            }
            transaction.commit()?;
            Ok(plan)
        };
        import(&mut self.connection).map_err(|error| failed(&self.path, &error))
    }

    /// Rulings with a number above `seq`, in their order: those that others added, too.
    ///
    /// # Errors
    /// If the file cannot be read, or is no longer in its place.
    pub fn since(&self, seq: i64) -> Result<Vec<Numbered>, Error> {
        self.check_in_place()?;
        since(&self.connection, seq).map_err(|error| self.fail(&error))
    }

    /// The last rulings on a proposal, `most` at most, in their order, and how many there are in all.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn history(&self, proposal: &str, most: usize) -> Result<(Vec<Numbered>, usize), Error> {
        let select = || -> rusqlite::Result<(Vec<Numbered>, usize)> {
            let sql = format!("SELECT {COLUMNS} FROM ruling WHERE proposal = ?1 ORDER BY seq DESC LIMIT ?2");
            let mut statement = self.connection.prepare(&sql)?;
            let rulings = statement.query_map(params![proposal, most as i64], numbered)?;
            let mut last = rulings.collect::<rusqlite::Result<Vec<Numbered>>>()?;
            last.reverse();
            let sql = "SELECT count(*) FROM ruling WHERE proposal = ?1";
            let n: i64 = self.connection.query_row(sql, [proposal], |row| row.get(0))?;
            Ok((last, n as usize))
        };
        select().map_err(|error| self.fail(&error))
    }

    fn fail(&self, error: &rusqlite::Error) -> Error {
        failed(&self.path, error)
    }
}

const READ_ONLY: &str = "it cannot be written; check its access rights";

/// What tells a file from another one with its name: device and number, as systems of the Unix kind give them.
type FileNumber = (u64, u64);

/// The file at a place. Where systems do not number files, all that are there are one.
fn file_number(path: &Path) -> Option<FileNumber> {
    let metadata = path.metadata().ok()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((metadata.dev(), metadata.ino()))
    }
    #[cfg(not(unix))]
    metadata.is_file().then_some((0, 0))
}

fn failed(path: &Path, error: &rusqlite::Error) -> Error {
    let reason = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::CannotOpen) => {
            "it cannot be opened; its folder must exist and be writable, and it must be a file".to_owned()
        }
        Some(rusqlite::ErrorCode::NotADatabase) => "it is no store of decisions; name another file".to_owned(),
        Some(rusqlite::ErrorCode::ReadOnly) => READ_ONLY.to_owned(),
        Some(rusqlite::ErrorCode::DiskFull) => "the disk is full; the decision was not kept".to_owned(),
        Some(rusqlite::ErrorCode::DatabaseBusy) => {
            "another program has kept it locked for ten seconds; nothing was written".to_owned()
        }
        _ => match error {
            rusqlite::Error::FromSqlConversionFailure(_, _, why) => why.to_string(),
            error => error.to_string(),
        },
    };
    Error::Decisions { path: path.display().to_string(), reason }
}

fn since(connection: &Connection, seq: i64) -> rusqlite::Result<Vec<Numbered>> {
    let sql = format!("SELECT {COLUMNS} FROM ruling WHERE seq > ?1 ORDER BY seq");
    connection.prepare(&sql)?.query_map([seq], numbered)?.collect()
}

fn last_of(connection: &Connection, proposal: &str) -> rusqlite::Result<Option<Numbered>> {
    let sql = format!("SELECT {COLUMNS} FROM ruling WHERE proposal = ?1 ORDER BY seq DESC LIMIT 1");
    connection.prepare(&sql)?.query_row([proposal], numbered).optional()
}

/// Inserts a ruling; one without a time is made now.
fn insert(connection: &Connection, ruling: &Ruling) -> rusqlite::Result<()> {
    let json = |value: serde_json::Result<String>| value.expect("plain lists of words");
    let sql = "INSERT INTO ruling (proposal, decision, members, out, survivor, fields, note, user, at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
                       CASE ?9 WHEN '' THEN strftime('%Y-%m-%dT%H:%M:%SZ', 'now') ELSE ?9 END)";
    connection.prepare(sql)?.execute(params![
        ruling.proposal,
        ruling.decision.name(),
        json(serde_json::to_string(&ruling.members)),
        json(serde_json::to_string(&ruling.out)),
        ruling.survivor,
        json(serde_json::to_string(&ruling.fields)),
        ruling.note,
        ruling.user,
        ruling.at,
    ])?;
    Ok(())
}

fn numbered(row: &Row<'_>) -> rusqlite::Result<Numbered> {
    fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
        let text: String = row.get(at)?;
        serde_json::from_str(&text).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, Box::new(error))
        })
    }
    let seq: i64 = row.get(0)?;
    // A store that another program made may say anything.
    let odd = |at: usize, why: String| {
        let why = format!("its decision {seq} says: {why}; take it out, or name another store");
        rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, why.into())
    };
    let word: String = row.get(2)?;
    let decision = Decision::named(&word).ok_or_else(|| odd(2, format!("{word:?} is no decision")))?;
    let ruling = Ruling {
        proposal: row.get(1)?,
        decision,
        members: json(row, 3)?,
        out: json(row, 4)?,
        survivor: row.get(5)?,
        fields: json(row, 6)?,
        note: row.get(7)?,
        user: row.get(8)?,
        at: row.get(9)?,
    };
    ruling.check().map_err(|why| odd(3, why))?;
    Ok(Numbered { seq, ruling })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> (tempfile::TempDir, PathBuf) {
        let place = tempfile::tempdir().expect("a temporary folder");
        let path = place.path().join("decisions.sqlite");
        (place, path)
    }

    #[test]
    fn what_was_appended_is_read_back_whole() {
        let (_place, path) = place();
        let mut ruling = Ruling::on_pair("a", "b'; DROP TABLE ruling; --", Decision::Accept);
        ruling.survivor = Some("a".to_owned());
        ruling.fields.insert("title".to_owned(), "a".to_owned());
        ruling.note = "\u{0}é\n".to_owned();
        ruling.members[0].hash = "0123456789abcdef".to_owned();
        let mut store = Store::open(&path).expect("a new store");
        assert_eq!(store.append(&ruling, 0).expect("writable"), Appended::Yes(1));
        let other = Store::open(&path).expect("a second person");
        let found = other.since(0).expect("readable");
        assert_eq!(found[0].ruling.at.len(), "2026-01-31T09:30:00Z".len());
        assert_eq!(found[0].ruling, Ruling { at: found[0].ruling.at.clone(), ..ruling });
        drop(store);
        drop(other);
        assert_eq!(super::super::read(&path).expect("a store").len(), 1);
    }

    #[test]
    fn reading_leaves_nothing_behind() {
        let (place, path) = place();
        let mut store = Store::open(&path).expect("a new store");
        store.append(&Ruling::on_pair("a", "b", Decision::Accept), 0).expect("writable");
        drop(store);
        let before = std::fs::read(&path).expect("readable");
        assert_eq!(super::super::read(&path).expect("a store").len(), 1);
        let left: Vec<_> =
            std::fs::read_dir(place.path()).expect("readable").flatten().map(|entry| entry.path()).collect();
        assert_eq!(left, std::slice::from_ref(&path));
        let unchanging = Store::open_unchanging(&path).expect("it is a store").expect("it is one of ours");
        assert_eq!(unchanging.since(0).expect("readable").len(), 1);
        assert!(std::fs::read(&path).expect("readable") == before);
        assert!(Store::open_unchanging(&place.path().join("none")).is_none());
    }

    #[test]
    fn what_another_program_wrote_is_checked() {
        let (_place, path) = place();
        drop(Store::open(&path).expect("a new store"));
        let connection = Connection::open(&path).expect("a store");
        connection.execute_batch("PRAGMA ignore_check_constraints = 1").expect("a setting");
        let twice = r#"[{"id":"a","hash":""},{"id":"a","hash":""}]"#;
        for (word, members, reason) in
            [("maybe", "[]", "\"maybe\" is no decision"), ("accept", twice, "each named once")]
        {
            let insert = "INSERT INTO ruling (proposal, decision, members, out, survivor, fields, note, user, at)
                          VALUES ('p0', ?1, ?2, '[]', NULL, '{}', '', '', '2026-01-31T09:30:00Z')";
            connection.execute(insert, params![word, members]).expect("writable");
            let error = super::super::read(&path).expect_err("it cannot be obeyed").to_string();
            assert!(error.contains("its decision ") && error.contains(reason), "{error}");
            connection.execute("DELETE FROM ruling", []).expect("writable");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_store_that_nobody_finds_any_more_is_not_written_to() {
        let (place, path) = place();
        let accept = Ruling::on_pair("a", "b", Decision::Accept);
        let mut store = Store::open(&path).expect("a new store");
        assert_eq!(store.append(&accept, 0).expect("writable"), Appended::Yes(1));
        let away = place.path().join("away.sqlite");
        std::fs::rename(&path, &away).expect("movable");
        let refused = |store: &mut Store| store.append(&accept, 1).expect_err("it is gone").to_string();
        assert!(refused(&mut store).contains("was removed or moved"));
        std::fs::copy(&away, &path).expect("writable");
        assert!(refused(&mut store).contains("was replaced"));
        assert!(store.since(0).is_err() && store.import(&[], None).is_err());
        std::fs::rename(&away, &path).expect("movable");
        assert_eq!(store.append(&accept, 1).expect("it is back"), Appended::Yes(2));
    }

    #[test]
    fn nobody_overwrites_unseen() {
        let (_place, path) = place();
        let accept = Ruling::on_pair("a", "b", Decision::Accept);
        let reject = Ruling::on_pair("a", "b", Decision::Reject);
        let (mut one, mut two) = (Store::open(&path).expect("a store"), Store::open(&path).expect("the same"));
        assert_eq!(one.append(&accept, 0).expect("writable"), Appended::Yes(1));
        let Appended::Overtaken(found) = two.append(&reject, 0).expect("readable") else { panic!("it was overtaken") };
        assert_eq!((found.seq, found.ruling.decision), (1, Decision::Accept));
        assert_eq!(two.since(0).expect("readable").len(), 1, "nothing was written");
        assert_eq!(two.append(&reject, 1).expect("writable"), Appended::Yes(2), "having seen it, one may");
        let (last, n) = one.history(&accept.proposal, 1).expect("readable");
        assert_eq!((last.len(), last[0].seq, n), (1, 2, 2));
        assert_eq!(one.history(&accept.proposal, 9).expect("readable").0.len(), 2);
    }

    #[test]
    fn other_files_are_refused_and_left_alone() {
        let (place, path) = place();
        std::fs::write(&path, "a,b\n".repeat(1000)).expect("writable");
        let reason = Store::open(&path).err().expect("no store").to_string();
        assert!(reason.contains("no store of decisions"), "{reason}");
        assert_eq!(std::fs::read_to_string(&path).expect("readable"), "a,b\n".repeat(1000));
        let foreign = place.path().join("foreign.sqlite");
        let connection = Connection::open(&foreign).expect("writable");
        connection.execute_batch("CREATE TABLE t (x); PRAGMA user_version = 7;").expect("tables");
        let reason = Store::open(&foreign).err().expect("no store of ours").to_string();
        assert!(reason.contains("holds no decisions"), "{reason}");
        connection.execute_batch(&format!("PRAGMA application_id = {APPLICATION};")).expect("a later version");
        let reason = Store::open(&foreign).err().expect("a later version").to_string();
        assert!(reason.contains("version 7"), "{reason}");
        let gone = Store::open_to_read(&place.path().join("gone.sqlite")).err().expect("none").to_string();
        assert!(gone.contains("gone.sqlite"), "{gone}");
    }
}
