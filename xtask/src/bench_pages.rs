//! What the benchmarks that write into docs/bench.md share.

mod machine;
mod marked;

pub use machine::Machine;
pub use marked::Marks;
