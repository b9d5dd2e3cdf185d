//! x

pub mod audit;
pub mod error;
pub mod ids;
pub mod input;
pub mod keys;
