//! A003: author role misaligned.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

pub(super) static RULE: Rule = Rule {
    code: "A003",
    name: "author-role-misaligned",
    severity: Severity::Error,
    fix: Fix::None,
    aggregated: false,
    needs: &[],
    skips_merged: true,
    explanation: "\
## What it finds
A role field that has another number of values than its author field, and roles that look like a relator code
(three small letters) and are none.
## Why it matters
Roles are shown beside the wrong persons.
## Example
Three authors and two roles.
## Known gaps
Relator terms in words are not checked, since every language has its own. Indexes of VuFind 2 have roles of
another kind.
## Source
VuFind's `CreatorTools` (role fields run parallel, with empty values); MARC code list for relators.",
    check: Check::record(check),
};

/// MARC relator codes, sorted, with those that were in use earlier. Origin: the Library of Congress's list.
#[rustfmt::skip]
const RELATORS: [&str; 309] = [
    "abr", "acp", "act", "adi", "adp", "aft", "anc", "anl", "anm", "ann", "ant", "ape", "apl", "app", "aqt", "arc",
    "ard", "arr", "art", "asg", "asn", "ato", "att", "auc", "aud", "aue", "aui", "aup", "aus", "aut", "bdd", "bjd",
    "bka", "bkd", "bkp", "blw", "bnd", "bpd", "brd", "brl", "bsl", "cad", "cas", "ccp", "chr", "clb", "cli", "cll",
    "clr", "clt", "cmm", "cmp", "cmt", "cnd", "cng", "cns", "coe", "col", "com", "con", "cop", "cor", "cos", "cot",
    "cou", "cov", "cpc", "cpe", "cph", "cpl", "cpt", "cre", "crp", "crr", "crt", "csl", "csp", "cst", "ctb", "cte",
    "ctg", "ctr", "cts", "ctt", "cur", "cwt", "dbd", "dbp", "dfd", "dfe", "dft", "dgc", "dgg", "dgs", "dis", "djo",
    "dln", "dnc", "dnr", "dpc", "dpt", "drm", "drt", "dsr", "dst", "dtc", "dte", "dtm", "dto", "dub", "edc", "edd",
    "edm", "edt", "egr", "elg", "elt", "eng", "enj", "etr", "evp", "exp", "fac", "fds", "fld", "flm", "fmd", "fmk",
    "fmo", "fmp", "fnd", "fon", "fpy", "frg", "gdv", "gis", "grt", "his", "hnr", "hst", "ill", "ilu", "ink", "ins",
    "inv", "isb", "itr", "ive", "ivr", "jud", "jug", "lbr", "lbt", "ldr", "led", "lee", "lel", "len", "let", "lgd",
    "lie", "lil", "lit", "lsa", "lse", "lso", "ltg", "ltr", "lyr", "mcp", "mdc", "med", "mfp", "mfr", "mka", "mod",
    "mon", "mrb", "mrk", "msd", "mte", "mtk", "mup", "mus", "mxe", "nan", "nrt", "onp", "opn", "org", "orm", "orp",
    "osp", "oth", "own", "pad", "pan", "pat", "pbd", "pbl", "pdr", "pfr", "pht", "plt", "pma", "pmn", "pnc", "pop",
    "ppm", "ppt", "pra", "prc", "prd", "pre", "prf", "prg", "prm", "prn", "pro", "prp", "prs", "prt", "prv", "pta",
    "pte", "ptf", "pth", "ptt", "pup", "rap", "rbr", "rcd", "rce", "rcp", "rdd", "red", "ren", "res", "rev", "rpc",
    "rps", "rpt", "rpy", "rse", "rsg", "rsp", "rsr", "rst", "rth", "rtm", "rxa", "sad", "sce", "scl", "scr", "sde",
    "sds", "sec", "sfx", "sgd", "sgn", "sht", "sll", "sng", "spk", "spn", "spy", "srv", "std", "stg", "stl", "stm",
    "stn", "str", "swd", "tad", "tau", "tcd", "tch", "ths", "tld", "tlg", "tlh", "tlp", "trc", "trl", "tyd", "tyg",
    "uvp", "vac", "vdg", "vfx", "voc", "wac", "wal", "wam", "was", "wat", "waw", "wdc", "wde", "wfs", "wft", "wfw",
    "win", "wit", "wpr", "wst", "wts",
];

/// Author fields and the roles that go with them.
const PAIRS: [(Field, Field); 3] = [
    (Field::Author, Field::AuthorRole),
    (Field::Author2, Field::Author2Role),
    (Field::AuthorCorporate, Field::AuthorCorporateRole),
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    for (names, roles) in PAIRS {
        let (n_names, values) = (record.all(names).len(), record.all(roles));
        if values.is_empty() {
            continue;
        }
        if values.len() != n_names {
            let message = format!("{} roles stand beside {n_names} names", values.len());
            found.add(Problem::new(roles, values.join(" | "), message));
        } else if let Some(role) = values.iter().find(|role| is_unknown_code(role)) {
            found.add(Problem::new(roles, &**role, "this is no relator code").severity(Severity::Warn));
        }
    }
}

fn is_unknown_code(role: &str) -> bool {
    role.len() == 3 && role.bytes().all(|byte| byte.is_ascii_lowercase()) && RELATORS.binary_search(&role).is_err()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn roles_run_parallel() {
        assert!(super::RELATORS.is_sorted());
        check(&RULE, r#"{"author":["A","B","C"],"author_role":["aut","edt"]}"#, &["author_role"]);
        check(&RULE, r#"{"author2":["A"],"author2_role":["zzz"]}"#, &["author2_role"]);
        check(&RULE, r#"{"author":["A","A"],"author_role":["drt","pro"]}"#, &[]);
        check(&RULE, r#"{"author":["A","B"],"author_role":["","Verfasser"]}"#, &[]);
        check(&RULE, r#"{"author":["A","B"],"author_role":["ive","wfw"]}"#, &[]);
        check(&RULE, r#"{"author":["A"]}"#, &[]);
    }
}
