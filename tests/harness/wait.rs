//! The one way to wait: look again until it is so, or say what was seen instead.

use std::time::{Duration, Instant};

/// Long enough for anything that is not itself about time, on a machine that is busy with a build.
pub const PATIENCE: Duration = Duration::from_secs(30);

const LOOK_EVERY: Duration = Duration::from_millis(40);

/// Looks until there is what is awaited. `look` answers with it, or with what is there instead.
///
/// # Panics
///
/// After `within`, with what was there last.
pub async fn until<T>(what: &str, within: Duration, mut look: impl AsyncFnMut() -> Result<T, String>) -> T {
    let started = Instant::now();
    loop {
        match look().await {
            Ok(found) => return found,
            Err(instead) if started.elapsed() >= within => {
                panic!("waited {:.1} s for {what}; the last state was: {instead}", within.as_secs_f64());
            }
            Err(_) => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
}
