//! Pairs that people have judged, as files, and the records they name.
//!
//! In: tables of ids, and the ids of an input. Out: pairs of [`Node`]s, which stand for ids whether the input
//! has them or not, so that a true pair whose record is missing counts as missed.

mod counts;

use std::collections::BTreeMap;
use std::path::Path;

use crate::decisions;
use crate::disjoint_sets::DisjointSets;
use crate::error::Error;
use crate::ids::{Ids, RecordId};
use crate::matching::decided::Standing;

pub use counts::Counts;
pub(crate) use counts::share;

/// A pair of ids with a judgement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// The one id.
    pub a: String,
    /// The other.
    pub b: String,
    /// Whether the two are one.
    pub is_true: bool,
}

/// A table as it stands in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// The path as the user gave it.
    pub name: String,
    /// The first line of a tab-separated table, which is not data: its first two columns.
    header: Option<(String, String)>,
    /// The pairs, in the order of the file.
    pub pairs: Vec<Judged>,
}

/// What a table holds beside the ids.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Columns {
    /// Two ids; further columns are not read.
    Pairs,
    /// Two ids and `1` (one work) or `0` (not).
    Labelled,
}

impl Table {
    /// Reads a table. Tab-separated ones have a line of column names first; empty lines are skipped.
    ///
    /// # Errors
    /// If the file cannot be read, a line is not as `columns` says, or two say the opposite of a pair; the lines are named.
    pub fn read(path: &Path, columns: Columns) -> Result<Table, Error> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::input(path, source))?;
        let name = path.display().to_string();
        Table::parse(&name, &text, columns).map_err(|reason| Error::Input { path: name, reason, source: None })
    }

    /// What the decisions in a file say about pairs, whatever the records looked like then.
    ///
    /// # Errors
    /// Those of [`decisions::read`].
    pub fn of_decisions(path: &Path) -> Result<Table, Error> {
        let mut rulings = decisions::in_force(decisions::read(path)?);
        rulings.iter_mut().flat_map(|ruling| &mut ruling.members).for_each(|seen| seen.hash.clear());
        let standings = decisions::pairs(&rulings, |_| Some("")).standings;
        let judged = |((a, b), standing): ((&str, &str), Standing)| Judged {
            a: a.to_owned(),
            b: b.to_owned(),
            is_true: standing.is_accepted,
        };
        Ok(Table { name: path.display().to_string(), header: None, pairs: standings.into_iter().map(judged).collect() })
    }

    /// Refuses a table without pairs, against which everything would be wrong and nothing missed.
    ///
    /// # Errors
    /// If there are none.
    pub fn check_filled(&self) -> Result<(), Error> {
        if !self.pairs.is_empty() {
            return Ok(());
        }
        let reason = "it has no pairs, so that nothing can be measured against it; name a table with some".to_owned();
        Err(Error::Input { path: self.name.clone(), reason, source: None })
    }

    fn parse(name: &str, text: &str, columns: Columns) -> Result<Table, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let Some((_, first)) = lines.next() else {
            return Err("it is empty; a line of column names is expected first, such as id_a<TAB>id_b".to_owned());
        };
        let mut names = first.split('\t').map(str::to_owned);
        let header = names.next().zip(names.next());
        let (mut pairs, mut numbers, mut thirds) = (Vec::new(), Vec::new(), Vec::new());
        for (at, line) in lines {
            thirds.extend(line.split('\t').nth(2));
            pairs.push(parse_line(line, columns).map_err(|reason| format!("line {}: {reason}", at + 1))?);
            numbers.push(at + 1);
        }
        let n_no = thirds.iter().filter(|third| **third == "0").count();
        if columns == Columns::Pairs && n_no > 0 && thirds.iter().all(|third| matches!(*third, "0" | "1")) {
            return Err(format!(
                "its third column says of {n_no} pairs that they are not one work (0), and all its pairs would be taken as true; give it \
                 with --labelled, or take that column out"
            ));
        }
        check_agreement(&pairs, &numbers)?;
        Ok(Table { name: name.to_owned(), header, pairs })
    }
}

/// No line of a table says the opposite of another, in whatever order they name the two: which of them counts nobody could tell.
/// `numbers` are those of the lines.
fn check_agreement(pairs: &[Judged], numbers: &[usize]) -> Result<(), String> {
    let mut said: BTreeMap<(&str, &str), (usize, bool)> = BTreeMap::new();
    for (Judged { a, b, is_true }, &line) in pairs.iter().zip(numbers) {
        let &mut (earlier, was_true) = said.entry((a.min(b), a.max(b))).or_insert((line, *is_true));
        if was_true != *is_true {
            let label = |is_true| u8::from(is_true);
            return Err(format!(
                "line {line} says {} of {a:?} and {b:?}, and line {earlier} says {}; take one of the two out",
                label(*is_true),
                label(was_true)
            ));
        }
    }
    Ok(())
}

fn parse_line(line: &str, columns: Columns) -> Result<Judged, String> {
    let mut cells = line.split('\t');
    let (Some(a), Some(b)) = (cells.next(), cells.next()) else {
        return Err("it has one column; two ids with a tab between them are expected".to_owned());
    };
    if a == b {
        return Err(format!(
            "it pairs the record {a:?} with itself, which nothing can find or miss; take the line out"
        ));
    }
    let is_true = match (columns, cells.next()) {
        (Columns::Labelled, Some("1")) => true,
        (Columns::Labelled, Some("0")) => false,
        (Columns::Labelled, other) => {
            return Err(format!("the third column is {:?}; 1 (one work) or 0 (not) is expected", other.unwrap_or("")));
        }
        _ => true,
    };
    Ok(Judged { a: a.to_owned(), b: b.to_owned(), is_true })
}

/// An id, numbered: below the number of records, the first record with that id; above, an id that no record has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Node(u32);

/// Two ids, the smaller number first.
pub type NodePair = (Node, Node);

/// The two in order.
pub fn pair(x: Node, y: Node) -> NodePair {
    (x.min(y), x.max(y))
}

/// Finds ids, and numbers those that no record has.
pub struct Nodes<'a> {
    ids: &'a Ids,
    /// All records, by id and number.
    by_id: Vec<RecordId>,
    /// First record with the same id, by record number.
    first_of: Vec<RecordId>,
    unknown: BTreeMap<String, Node>,
    names: Vec<String>,
}

impl<'a> Nodes<'a> {
    /// Sorts the ids of an input.
    pub fn new(ids: &'a Ids) -> Nodes<'a> {
        let mut by_id: Vec<RecordId> = (0..ids.len()).map(RecordId::new).collect();
        by_id.sort_unstable_by_key(|&record| (ids.of(record), record));
        let mut first_of = by_id.clone();
        for copies in by_id.chunk_by(|&a, &b| ids.of(a) == ids.of(b)) {
            for copy in copies {
                first_of[copy.index()] = copies[0];
            }
        }
        Nodes { ids, by_id, first_of, unknown: BTreeMap::new(), names: Vec::new() }
    }

    /// The number of an id.
    pub fn of(&mut self, id: &str) -> Node {
        if let Some(record) = self.find(id) {
            return Node(record.get());
        }
        if let Some(&known) = self.unknown.get(id) {
            return known;
        }
        let node = Node(RecordId::new(self.ids.len() + self.names.len()).get());
        self.unknown.insert(id.to_owned(), node);
        self.names.push(id.to_owned());
        node
    }

    /// The number of a record's id.
    pub fn of_record(&self, record: RecordId) -> Node {
        Node(self.first_of[record.index()].get())
    }

    /// The first record with this id, if there is one.
    pub fn record(&self, node: Node) -> Option<RecordId> {
        ((node.0 as usize) < self.ids.len()).then(|| RecordId::from(node.0))
    }

    /// The id.
    pub fn name(&self, node: Node) -> &str {
        match self.record(node) {
            Some(record) => self.ids.of(record),
            None => &self.names[node.0 as usize - self.ids.len()],
        }
    }

    /// How many ids have been numbered.
    pub fn len(&self) -> usize {
        self.ids.len() + self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Refuses a table none of whose ids a record has: it is of another catalogue, and everything would count as missed.
    ///
    /// # Errors
    /// If there is no such id; a table without pairs is fine.
    pub fn check_known(&self, table: &Table) -> Result<(), Error> {
        let is_known = |judged: &Judged| self.find(&judged.a).is_some() || self.find(&judged.b).is_some();
        match table.pairs.first() {
            Some(first) if !table.pairs.iter().any(is_known) => Err(Error::Input {
                path: table.name.clone(),
                reason: format!(
                    "none of its ids ({:?} first) is that of a record in the exports; name the table that was made for them",
                    first.a
                ),
                source: None,
            }),
            _ => Ok(()),
        }
    }

    /// Numbers the pairs of a table.
    ///
    /// # Errors
    /// If the first line of the table, which is taken for column names, names two records.
    pub fn pairs(&mut self, table: &Table) -> Result<Vec<(NodePair, bool)>, Error> {
        if let Some((a, b)) = &table.header
            && self.find(a).is_some()
            && self.find(b).is_some()
        {
            return Err(Error::Input {
                path: table.name.clone(),
                reason: format!("the first line ({a}, {b}) names records; put a line such as id_a<TAB>id_b before it"),
                source: None,
            });
        }
        Ok(table.pairs.iter().map(|judged| (pair(self.of(&judged.a), self.of(&judged.b)), judged.is_true)).collect())
    }

    /// An id that two records of different input files have, if there is one. `file_of` tells a record's file.
    pub fn shared_between_files(&self, file_of: impl Fn(RecordId) -> u32) -> Option<&str> {
        let differs = |&&record: &&RecordId| file_of(record) != file_of(self.first_of[record.index()]);
        self.by_id.iter().find(differs).map(|&record| self.ids.of(record))
    }

    fn find(&self, id: &str) -> Option<RecordId> {
        let at = self.by_id.partition_point(|&record| self.ids.of(record) < id);
        self.by_id.get(at).copied().filter(|&record| self.ids.of(record) == id)
    }
}

/// Disjoint groups of nodes: what belongs together when pairs are taken to be transitive.
pub struct Groups {
    sets: DisjointSets,
    n_nodes: usize,
}

impl Groups {
    /// Every one of `n` nodes by itself.
    pub fn new(n: usize) -> Groups {
        Groups { sets: DisjointSets::new(n), n_nodes: n }
    }

    /// Joins the groups of two nodes.
    pub fn join(&mut self, a: Node, b: Node) {
        self.sets.join(a.0, b.0);
    }

    /// All pairs within groups, ascending.
    pub fn pairs(&mut self) -> Vec<NodePair> {
        let mut members: BTreeMap<u32, Vec<Node>> = BTreeMap::new();
        for at in 0..self.n_nodes as u32 {
            // Most nodes are alone, and cost nothing here.
            let root = self.sets.root(at);
            if root != at {
                members.entry(root).or_insert_with(|| vec![Node(root)]).push(Node(at));
            }
        }
        let mut pairs = Vec::new();
        for group in members.values() {
            for (at, &a) in group.iter().enumerate() {
                pairs.extend(group[at + 1..].iter().map(|&b| (a, b)));
            }
        }
        pairs.sort_unstable();
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(all: &[&str]) -> Ids {
        let mut ids = Ids::default();
        all.iter().for_each(|id| ids.push(id));
        ids
    }

    #[test]
    fn tables_are_read_as_they_are_written() {
        let pairs =
            Table::parse("x", "\u{feff}id_a\tid_b\r\nb\ta\tmore\r\n\r\nc\td\r\n", Columns::Pairs).expect("a table");
        let found: Vec<(&str, &str)> = pairs.pairs.iter().map(|judged| (&*judged.a, &*judged.b)).collect();
        assert_eq!(found, [("b", "a"), ("c", "d")]);
        let labelled = Table::parse("x", "id_a\tid_b\tlabel\na\tb\t1\na\tc\t0\n", Columns::Labelled).expect("a table");
        assert_eq!(labelled.pairs.iter().map(|judged| judged.is_true).collect::<Vec<_>>(), [true, false]);
        let twice = Table::parse("x", "id_a\tid_b\tlabel\na\tb\t1\nb\ta\t1\n", Columns::Labelled).expect("they agree");
        assert_eq!(twice.pairs.len(), 2);
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        let line = "{\"a\":\"y\",\"b\":\"x\",\"decision\":\"reject\"}\n";
        std::fs::write(file.path(), line).expect("writable");
        let decisions = Table::of_decisions(file.path()).expect("a table");
        assert_eq!(decisions.pairs, [Judged { a: "x".to_owned(), b: "y".to_owned(), is_true: false }]);
    }

    #[test]
    fn mistakes_name_their_line() {
        for (text, columns, named) in [
            ("id_a\tid_b\na\tb\n\nlonely\n", Columns::Pairs, "line 4: it has one column"),
            ("a\tb\tl\na\tb\t1\na\tc\t0\n", Columns::Pairs, "of 1 pairs that they are not one work"),
            ("\na\tb\tl\na\tb\t1\na\tc\t0\n", Columns::Pairs, "of 1 pairs that they are not one work"),
            ("a\tb\tl\na\tb\tyes\n", Columns::Labelled, "line 2: the third column is \"yes\""),
            ("a\tb\na1\ta1\n", Columns::Pairs, "line 2: it pairs the record \"a1\" with itself"),
            (
                "a\tb\tl\na\tb\t1\nc\td\t0\n\nb\ta\t0\n",
                Columns::Labelled,
                "line 5 says 0 of \"b\" and \"a\", and line 2 says 1",
            ),
            ("", Columns::Pairs, "empty"),
        ] {
            let reason = Table::parse("x", text, columns).expect_err(text);
            assert!(reason.contains(named), "{text}: {reason}");
        }
    }

    #[test]
    fn ids_without_a_record_are_numbered_behind_the_records() {
        let ids = ids(&["b", "a", "b"]);
        let mut nodes = Nodes::new(&ids);
        let (a, b, x) = (nodes.of("a"), nodes.of("b"), nodes.of("x"));
        assert_eq!((a, b, x, nodes.of("x")), (Node(1), Node(0), Node(3), Node(3)));
        assert_eq!(nodes.of_record(RecordId::new(2)), b, "a copy is its first record");
        assert_eq!((nodes.record(x), nodes.name(x), nodes.name(a)), (None, "x", "a"));
        assert_eq!(nodes.shared_between_files(|record| record.get() / 2), Some("b"));
        assert_eq!(nodes.shared_between_files(|_| 0), None);
    }

    #[test]
    fn a_table_without_column_names_is_refused() {
        let ids = ids(&["a", "b"]);
        let table = Table::parse("x", "a\tb\n", Columns::Pairs).expect("a table");
        let error = Nodes::new(&ids).pairs(&table).expect_err("the first pair would be lost");
        assert!(error.to_string().contains("names records"), "{error}");
    }

    #[test]
    fn a_table_of_another_catalogue_is_refused() {
        let ids = ids(&["a", "b"]);
        let nodes = Nodes::new(&ids);
        let table = |text: &str| Table::parse("x", text, Columns::Pairs).expect("a table");
        assert!(nodes.check_known(&table("p\tq\nc\td\ne\tb\n")).is_ok(), "some may be missing");
        assert!(nodes.check_known(&table("p\tq\n")).is_ok(), "there are no pairs");
        let error = nodes.check_known(&table("p\tq\nc\td\n")).expect_err("no id is known");
        assert!(error.to_string().contains("(\"c\" first)"), "{error}");
    }

    #[test]
    fn groups_are_transitive() {
        let mut groups = Groups::new(6);
        groups.join(Node(4), Node(1));
        groups.join(Node(5), Node(4));
        groups.join(Node(0), Node(3));
        let expected = [(0, 3), (1, 4), (1, 5), (4, 5)].map(|(a, b)| (Node(a), Node(b)));
        assert_eq!(groups.pairs(), expected);
    }
}
