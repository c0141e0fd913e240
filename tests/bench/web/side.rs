//! One of the two builds, served and opened.

use std::fmt::{self, Display, Formatter};

use latido_e2e::{
    browser::Browser,
    engine::Engine,
    environment,
    server::{Serve, Server},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Latido,
    Peer,
}

impl Side {
    /// Both, and every other round the other one first: what warms or tires the machine does so for both.
    pub fn in_turn(round: usize) -> [Self; 2] {
        if round.is_multiple_of(2) { [Self::Latido, Self::Peer] } else { [Self::Peer, Self::Latido] }
    }

    /// A server of its own with this build, and a browser that has never seen it.
    pub async fn open(self) -> (Server, Browser) {
        let dist = match self {
            Self::Latido => environment::dist(),
            Self::Peer => environment::path("LATIDO_PEER_DIST"),
        };
        let server = Server::start(Serve { dist, ..Serve::default() }).await;
        (server, Browser::start(Engine::Chromium).await)
    }
}

impl Display for Side {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Latido => "Latido",
            Self::Peer => "React",
        })
    }
}
