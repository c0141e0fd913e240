//! Why nothing could be measured. What a server does wrong under load is a figure, not an error.

use std::{fmt::Display, io, path::PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("could not {doing}: {source}")]
    Io { doing: String, source: io::Error },
    #[error("the accounts could not be made: {0}")]
    Accounts(String),
    #[error("{program} ended before it listened; what it printed above says why")]
    NotListening { program: PathBuf },
    #[error(
        "this user may open {allowed} files and {needed} are needed; raise the hard limit (`ulimit -Hn`) and run it again"
    )]
    TooFewFiles { allowed: u64, needed: u64 },
    #[error("{0} of the sockets that a scenario starts with could not be opened; nothing was measured")]
    NotOpened(usize),
}

impl Error {
    /// For `map_err`: says what was being done when the system refused.
    pub fn io(doing: impl Display) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.to_string();
        move |source| Self::Io { doing, source }
    }
}
