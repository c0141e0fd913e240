//! Requests that bring a password: what they have to get past before it is checked.

use std::time::Duration;

use latido_protocol::{reason::Code, values::Invalid};
use tokio::time::Instant;

use super::{client_gone::ClientGone, problem::Problem};
use crate::{
    auth::{
        password::{MAX_CHARACTERS, MIN_CHARACTERS},
        turns::Turn,
    },
    ops::{
        client::Client,
        guard::{login::Attempt, rate::RateLimited},
        metrics,
    },
    state::AppState,
};

/// When it is worth trying again if too many wait: the whole queue has been served by then.
const QUEUE_SERVED_IN: Duration = Duration::from_secs(2);

/// Counts an attempt at an account's password and waits for a turn to check it. Nobody is waited for who
/// has gone.
pub(super) async fn begin<'a>(
    app: &'a AppState,
    client: Client,
    gone: ClientGone,
    email: &str,
) -> Result<(Attempt<'a>, Turn), Problem> {
    let attempt = app.rate_limits.logins.attempt(client.network, email, Instant::now()).map_err(slow_down)?;
    let turn = tokio::select! {
        turn = app.passwords.turn(attempt.is_known()) => turn,
        // Nobody reads the answer.
        () = gone.wait() => return Err(busy()),
    };
    let Ok(turn) = turn else {
        attempt.withdraw();
        metrics::rate_limited("sign_in_queue");
        return Err(busy());
    };
    Ok((attempt, turn))
}

/// Said in the same words whether or not there is such an account.
fn slow_down(limited: RateLimited) -> Problem {
    metrics::rate_limited("sign_in");
    Problem::too_many(
        Code::TooManySignIns.says("There were too many attempts to sign in. Wait a little and try again."),
        limited.retry_after,
    )
}

fn busy() -> Problem {
    let reason = Code::SignInBusy.says(
        "Too many people are signing in at the moment. Nothing was changed. Try again in a few seconds.",
    );
    Problem::busy(reason, QUEUE_SERVED_IN)
}

/// A text of at least one character and at most so many.
pub(super) fn bounded(text: &str, max: usize) -> Result<String, Invalid> {
    match text.chars().count() {
        0 => Err(Invalid::Required),
        count if count > max => Err(Invalid::TooLong { max }),
        _ => Ok(text.to_owned()),
    }
}

/// A password as somebody presents it.
pub(super) fn presented(text: &str) -> Result<String, Invalid> {
    bounded(text, MAX_CHARACTERS)
}

/// A password that somebody chooses.
pub(super) fn chosen(text: &str) -> Result<String, Invalid> {
    let text = presented(text)?;
    if text.chars().count() < MIN_CHARACTERS {
        return Err(Invalid::TooShort { min: MIN_CHARACTERS });
    }
    Ok(text)
}
