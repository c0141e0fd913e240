//! Bringing a client up to date.
//!
//! The socket listens first and the log is read second: an event in between is in both, and the one
//! in the queue is left out because its number is not above the head that was read. So nothing is
//! missed and nothing comes twice.

use latido_domain::store::{Missed, Store, StoreError};
use latido_protocol::{
    frame::{Position, ServerFrame, Welcome, WelcomeMode},
    session::UserId,
    time::Timestamp,
};

use crate::{hub::Subscription, ops::metrics};

/// What is said to a client's hello.
pub struct Greeting {
    /// The welcome, and behind it the events that were missed.
    pub frames: Vec<String>,
    /// The last event that this covers; what comes live goes on behind it.
    pub head: u64,
}

pub async fn greet(
    store: &dyn Store,
    membership: &Subscription,
    user: &UserId,
    position: Option<Position>,
    at_most: u64,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<Greeting, StoreError> {
    membership.listen();
    let known =
        position.as_ref().filter(|position| position.epoch == store.epoch()).map(|position| position.seq);
    let owner = user.clone();
    let missed = store.read(move |read| match known {
        Some(seq) => read.missed_since(&owner, seq, at_most),
        None => Ok::<_, StoreError>(Missed { head: read.head(&owner)?, events: None }),
    });
    let Missed { head, events } = missed.await?;

    let mode = match (&position, &events) {
        (None, _) => WelcomeMode::Fresh,
        (Some(_), Some(_)) => WelcomeMode::Resumed,
        (Some(_), None) => WelcomeMode::Reset,
    };
    metrics::welcomed(match mode {
        WelcomeMode::Fresh => "fresh",
        WelcomeMode::Resumed => "resumed",
        WelcomeMode::Reset => "reset",
    });
    let welcome = ServerFrame::Welcome(Welcome {
        connection_id: membership.id().to_string(),
        epoch: store.epoch().to_owned(),
        head,
        mode,
        expires_at: Some(expires_at),
    });
    let mut frames = vec![welcome.to_text(now, None)];
    frames.extend(events.into_iter().flatten().map(|(_, frame)| frame));
    Ok(Greeting { frames, head })
}
