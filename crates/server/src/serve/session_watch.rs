//! The task that closes the sockets of sessions which another process has ended, and remembers the time.

use std::time::Duration;

use latido_domain::store::StoreError;
use tokio::{sync::watch, time::MissedTickBehavior};
use tracing::warn;

use crate::{auth::ended, state::AppState};

/// Sockets are closed within a second, see docs/operations.md.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// Closes sockets of sessions that were announced, until the server stops.
pub async fn watch(app: AppState, stopped: watch::Receiver<bool>) {
    repeat(stopped, || look(app.clone())).await;
}

async fn repeat<L: Future<Output = ()>>(mut stopped: watch::Receiver<bool>, look: impl Fn() -> L) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
        look().await;
    }
}

async fn look(app: AppState) {
    if let Err(error) = close_announced(&app).await {
        warn!(%error, "sessions that a command has ended could not be looked for");
    }
    if app.session_time.is_due()
        && let Err(error) = remember_time(&app).await
    {
        warn!(%error, "what time it is could not be written down");
    }
}

async fn remember_time(app: &AppState) -> Result<(), StoreError> {
    let remembering = app.clone();
    app.store.write(move |write| remembering.session_time.remember(write)).await
}

async fn close_announced(app: &AppState) -> Result<(), StoreError> {
    let sessions = app.store.read(ended::announced).await?;
    if sessions.is_empty() {
        return Ok(());
    }
    for session in &sessions {
        app.hub.close_session(session);
    }
    app.store.write(move |write| ended::forget(write, &sessions)).await
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use tokio::time::{Instant, sleep, timeout};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn ended_sessions_are_found_within_half_a_second() {
        let (_stop, stopped) = watch::channel(false);
        let looks = RefCell::new(Vec::new());
        let watching = repeat(stopped, || async {
            looks.borrow_mut().push(Instant::now());
            // A busy database.
            sleep(Duration::from_millis(100)).await;
        });
        assert!(timeout(Duration::from_secs(10), watching).await.is_err(), "it goes on");
        let looks = looks.into_inner();
        // The other half is for the look itself and the way to the client.
        let is_soon = |pair: &[Instant]| pair[1] - pair[0] <= Duration::from_millis(500);
        assert!(looks.len() > 19 && looks.windows(2).all(is_soon), "{looks:?}");
    }
}
