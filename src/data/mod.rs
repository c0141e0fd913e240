//! The data of the pages: what is fetched and cached ([`queries`]), and what is written ([`mutations`]).

pub mod mutations;
pub mod queries;
