//! The steward's desk: a web server for this machine over a finished report.
//!
//! In: a report, the exports it was made from, and a store of decisions. Out: pages, and rulings in the store, each on
//! disk before the browser is told. Nothing else is written, and no path of a request reaches the file system.

mod desk;
mod findings;
mod form;
mod guard;
mod index;
mod pages;
mod proposal;
mod queue;
mod server;

use std::net::IpAddr;
use std::path::PathBuf;

pub use server::{serve, service};

/// What a desk is made of.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folder of a finished report.
    pub report: PathBuf,
    /// The store of decisions; it is made if there is none.
    pub decisions: PathBuf,
    /// Who decides, as kept with every ruling.
    pub user: String,
    /// Port; 0 takes a free one.
    pub port: u16,
    /// Address to listen on instead of this machine's own; a token is then asked of everyone.
    pub listen: Option<IpAddr>,
    /// Whether to open the browser.
    pub opens_browser: bool,
}
