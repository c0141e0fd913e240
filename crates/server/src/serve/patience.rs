//! How long a connection may take nothing of what is sent on it. The system gives up on a client that takes nothing
//! at all; one that takes a byte now and then would keep its connection, and the answer, for ever.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Sleep, sleep};

/// Within this time the system has to have room for more, which on Linux means that some 32 KiB were taken.
const ROOM_WITHIN: Duration = Duration::from_mins(2);

/// Since when nothing can be written.
#[derive(Default)]
pub struct Patience(Option<Pin<Box<Sleep>>>);

impl Patience {
    /// What became of a try to write; an error when it is time to give up.
    pub fn poll<T>(&mut self, cx: &mut Context, tried: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if tried.is_ready() {
            self.0 = None;
            return tried;
        }
        let until = self.0.get_or_insert_with(|| Box::pin(sleep(ROOM_WITHIN)));
        until.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::{Instant, timeout};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_makes_no_room_in_two_minutes_is_given_up() {
        let (mut patience, begun) = (Patience::default(), Instant::now());
        let ended: io::Result<()> = poll_fn(|cx| patience.poll(cx, Poll::Pending)).await;
        assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed(), ROOM_WITHIN);
    }

    #[tokio::test(start_paused = true)]
    async fn room_now_and_then_is_enough() {
        let mut patience = Patience::default();
        for _ in 0..10 {
            let waiting = poll_fn(|cx| patience.poll::<()>(cx, Poll::Pending));
            assert!(timeout(ROOM_WITHIN.mul_f64(0.9), waiting).await.is_err(), "it is not given up");
            assert!(poll_fn(|cx| patience.poll(cx, Poll::Ready(Ok(())))).await.is_ok());
        }
    }
}
