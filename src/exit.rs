//! How the program ends, as its help says.

/// A finding at or above `--fail-on`, or a record that is there.
pub const FOUND: u8 = 1;
/// Could not run.
pub const FAILED: u8 = 2;
/// A defect of the program.
pub const DEFECT: u8 = 3;
