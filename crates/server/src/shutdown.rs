//! The signals that a process is sent.

use std::io;

#[cfg(unix)]
use tokio::signal::unix;

/// What the process is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// To end: SIGTERM or SIGINT (elsewhere than on Unix: Ctrl-C).
    End,
    /// To read its files anew: SIGHUP.
    Reload,
}

pub struct Signals {
    #[cfg(unix)]
    terminate: unix::Signal,
    #[cfg(unix)]
    interrupt: unix::Signal,
    /// Where there is something to read anew, and wherever no terminal is: a service is told SIGHUP to reload, and must
    /// not end of it. In a terminal SIGHUP does what it always did: it ends a program whose terminal is closed.
    #[cfg(unix)]
    hangup: Option<unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    /// The handlers are set when this is called, not when it is awaited, so no signal is missed in
    /// between.
    pub fn listen(reloads: bool) -> io::Result<Self> {
        use std::io::IsTerminal;
        use tokio::signal::unix::{SignalKind, signal};
        let has_terminal = io::stdin().is_terminal() || io::stderr().is_terminal();
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: if reloads || !has_terminal { Some(signal(SignalKind::hangup())?) } else { None },
        })
    }

    pub async fn next(&mut self) -> Signal {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.terminate.recv() => Signal::End,
            _ = self.interrupt.recv() => Signal::End,
            _ = hangup => Signal::Reload,
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    pub fn listen(_reloads: bool) -> io::Result<Self> {
        Ok(Self {})
    }

    pub async fn next(&mut self) -> Signal {
        let _ = tokio::signal::ctrl_c().await;
        Signal::End
    }
}
