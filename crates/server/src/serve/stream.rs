//! One connection's bytes, encrypted or not, together with its permit: as long as anybody holds the
//! connection, be it as a socket, the permit is taken.
//!
//! A connection that is closed while its client is still sending would be reset, and the client might lose the
//! answer that says why. So what still comes is taken and dropped for a moment (RFC 9112, 9.6), and no longer.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};
use tokio_rustls::server::TlsStream;

use super::patience::Patience;
use crate::ops::{guard::connections::Permit, metrics::Open};

/// For how long something is still taken of a client that has been told everything, ...
const LINGER_FOR: Duration = Duration::from_secs(1);
/// ... and how many bytes.
const LINGER_BYTES: usize = 256 * 1024;

pub struct Stream {
    bytes: Bytes,
    patience: Patience,
    /// Set when everything has been said.
    linger: Option<Linger>,
    _seat: Permit,
    _open: Open,
}

pub enum Bytes {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

struct Linger {
    until: Pin<Box<Sleep>>,
    bytes: usize,
}

impl Linger {
    /// Takes and drops what comes, until the client is done, or it is enough.
    fn poll(&mut self, bytes: &mut Bytes, cx: &mut Context) -> Poll<()> {
        let mut dropped = [0; 4096];
        while self.until.as_mut().poll(cx).is_pending() && self.bytes > 0 {
            let mut buffer = ReadBuf::new(&mut dropped);
            match ready!(bytes.poll_read(cx, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {
                    self.bytes = self.bytes.saturating_sub(buffer.filled().len());
                }
                Ok(()) | Err(_) => break,
            }
        }
        Poll::Ready(())
    }
}

impl Bytes {
    fn poll_read(&mut self, cx: &mut Context, buffer: &mut ReadBuf) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }

    fn poll_shutdown(&mut self, cx: &mut Context) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

impl Stream {
    pub fn new(bytes: Bytes, permit: Permit, open: Open) -> Self {
        Self { bytes, patience: Patience::default(), linger: None, _seat: permit, _open: open }
    }

    fn bytes(self: Pin<&mut Self>) -> &mut Bytes {
        &mut self.get_mut().bytes
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context, buffer: &mut ReadBuf) -> Poll<io::Result<()>> {
        self.bytes().poll_read(cx, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = match &mut this.bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Bytes::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        };
        this.patience.poll(cx, written)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = match &mut this.bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Bytes::Tls(stream) => Pin::new(stream).poll_flush(cx),
        };
        this.patience.poll(cx, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context) -> Poll<io::Result<()>> {
        let Self { bytes, linger, .. } = self.get_mut();
        if linger.is_none() {
            ready!(bytes.poll_shutdown(cx))?;
        }
        let linger =
            linger.get_or_insert_with(|| Linger { until: Box::pin(sleep(LINGER_FOR)), bytes: LINGER_BYTES });
        linger.poll(bytes, cx).map(Ok)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context,
        parts: &[io::IoSlice],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = match &mut this.bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, parts),
            Bytes::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, parts),
        };
        this.patience.poll(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        match &self.bytes {
            Bytes::Plain(stream) => stream.is_write_vectored(),
            Bytes::Tls(stream) => stream.is_write_vectored(),
        }
    }
}
