//! Bytes and the disk: what every stage reads and writes through, whatever it reads and writes.
//!
//! Input is mapped (`map`). Output is a [`folder`] or a single file ([`output`]) that appears whole or not at all: it is made
//! beside its place, which one run at a time has a `claim` to, is on the disk when it appears (`durable`), and leaves nothing
//! behind if the run ends early ([`faults`]). What does not fit in memory lies in files without a name (`temporary`), and what
//! one run leaves to the next in [`segments`].

mod claim;
mod durable;
pub mod faults;
pub mod folder;
pub(crate) mod map;
pub mod output;
pub mod segments;
pub(crate) mod temporary;
