//! How much may come in over a socket, counted below the WebSocket layer: frames and bytes, whatever they are
//! part of. Pongs that nobody has asked for and empty pieces of a message never come up to where messages are
//! counted, and cost as much to read.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

use crate::config::Limits;

/// How many frames a message may come in, on average.
const FRAMES_OF_MESSAGE: usize = 10;

/// More came in than may.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("more frames or bytes came in than a socket may send")]
pub struct Flooded;

/// What may still come in. It grows back evenly, to at most what it was.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    window: Duration,
    frames: Bucket,
    bytes: Bucket,
}

impl Allowance {
    /// Room for all messages that a client may send in a window, at their longest and in several pieces.
    pub fn new(limits: &Limits, now: Instant) -> Self {
        let messages = limits.messages.saturating_add(limits.free_messages).saturating_add(1);
        Self {
            window: limits.window,
            frames: Bucket::new(messages.saturating_mul(FRAMES_OF_MESSAGE), now),
            bytes: Bucket::new(messages.saturating_mul(limits.message_bytes), now),
        }
    }

    fn take(&mut self, frames: usize, bytes: usize, now: Instant) -> Result<(), Flooded> {
        let frames = self.frames.take(frames, self.window, now);
        let bytes = self.bytes.take(bytes, self.window, now);
        if frames && bytes { Ok(()) } else { Err(Flooded) }
    }
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    most: f64,
    left: f64,
    at: Instant,
}

impl Bucket {
    fn new(most: usize, now: Instant) -> Self {
        Self { most: most as f64, left: most as f64, at: now }
    }

    fn take(&mut self, count: usize, window: Duration, now: Instant) -> bool {
        let grown = self.most * now.duration_since(self.at).as_secs_f64() / window.as_secs_f64();
        self.left = (self.left + grown).min(self.most) - count as f64;
        self.at = now;
        self.left >= 0.0
    }
}

/// Counts the frames in what goes by: reads their heads (RFC 6455, 5.2) and passes over the rest.
#[derive(Default)]
struct Frames {
    head: [u8; 14],
    /// How much of a head is there.
    known: usize,
    /// How much of the frame's payload is still to come.
    payload: u64,
}

impl Frames {
    /// How many frames begin in these bytes.
    fn count(&mut self, mut bytes: &[u8]) -> usize {
        let mut frames = 0;
        loop {
            let passed = usize::try_from(self.payload).unwrap_or(usize::MAX).min(bytes.len());
            self.payload -= passed as u64;
            bytes = bytes.split_at(passed).1;
            let Some((&byte, rest)) = bytes.split_first() else { return frames };
            bytes = rest;
            frames += usize::from(self.known == 0);
            self.head[self.known] = byte;
            self.known += 1;
            if let Some(payload) = self.payload_of_head() {
                (self.known, self.payload) = (0, payload);
            }
        }
    }

    /// How long the payload is, as soon as the head is whole.
    fn payload_of_head(&self) -> Option<u64> {
        let [_, second, rest @ ..] = &self.head;
        let extended = match second & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let mask = if second & 0x80 == 0 { 0 } else { 4 };
        if self.known < 2 + extended + mask {
            return None;
        }
        let long = rest.iter().take(extended).fold(0, |length, byte| length << 8 | u64::from(*byte));
        Some(if extended == 0 { u64::from(second & 0x7f) } else { long })
    }
}

/// A connection from which no more is read than its allowance.
pub struct Metered<S> {
    stream: S,
    frames: Frames,
    allowance: Allowance,
}

impl<S> Metered<S> {
    pub fn new(stream: S, allowance: Allowance) -> Self {
        Self { stream, frames: Frames::default(), allowance }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context, buffer: &mut ReadBuf) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        let new = buffer.filled().split_at(before).1;
        let (frames, bytes) = (self.frames.count(new), new.len());
        Poll::Ready(self.allowance.take(frames, bytes, Instant::now()).map_err(io::Error::other))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tungstenite::protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    };

    use super::*;

    proptest! {
        #[test]
        fn frames_are_counted_however_the_bytes_are_cut(
            lengths in prop::collection::vec(prop_oneof![0_usize..200, 65_000_usize..66_000], 1..20),
            masked in any::<bool>(),
            cut in 1_usize..5000,
        ) {
            let mut bytes = Vec::new();
            for length in &lengths {
                let mut frame = Frame::message(vec![0x88; *length], OpCode::Data(Data::Text), true);
                frame.header_mut().mask = masked.then_some([1, 2, 3, 4]);
                frame.format(&mut bytes).unwrap();
            }
            let mut frames = Frames::default();
            let counted: usize = bytes.chunks(cut).map(|chunk| frames.count(chunk)).sum();
            prop_assert_eq!(counted, lengths.len());
            prop_assert_eq!((frames.known, frames.payload), (0, 0));
        }
    }

    #[test]
    fn the_allowance_grows_back_over_the_window() {
        let start = Instant::now();
        let mut allowance = Allowance::new(&Limits::default(), start);
        assert!(allowance.take(730, 0, start).is_ok(), "72 messages and one, in ten frames each");
        assert!(allowance.take(1, 0, start).is_err());
        let half = start + Duration::from_secs(30);
        assert!(allowance.take(360, 0, half).is_ok());
        assert!(allowance.take(10, 0, half).is_err());
        let later = start + Duration::from_mins(10);
        assert!(allowance.take(731, 0, later).is_err(), "it does not grow beyond what it was");
    }

    #[test]
    fn as_many_bytes_as_all_messages_may_have() {
        let start = Instant::now();
        let mut allowance = Allowance::new(&Limits::default(), start);
        assert!(allowance.take(1, 72 * (32 * 1024 + 8), start).is_ok());
        assert!(allowance.take(1, 32 * 1024, start).is_err());
    }
}
