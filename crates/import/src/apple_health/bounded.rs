//! A reader that knows in which line it is, and gives up on an element that does not end.

use std::io::{self, BufRead, Read};

/// The longest element: a hundred times what any is.
const MAX_ELEMENT: usize = 1024 * 1024;

pub struct Bounded<R> {
    inner: R,
    line: u64,
    /// How many more bytes the element may have.
    left: usize,
}

impl<R> Bounded<R> {
    pub fn new(inner: R) -> Self {
        Self { inner, line: 1, left: MAX_ELEMENT }
    }

    /// From here on another element is read.
    pub fn begin_element(&mut self) {
        self.left = MAX_ELEMENT;
    }

    /// Where reading stands, counted from 1.
    pub fn line(&self) -> u64 {
        self.line
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let count = available.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::other(format!("an element is longer than {} KiB", MAX_ELEMENT / 1024)));
        }
        let available = self.inner.fill_buf()?;
        Ok(available.get(..self.left).unwrap_or(available))
    }

    fn consume(&mut self, count: usize) {
        // What is consumed is still in the buffer, so asking for it reads nothing.
        if let Ok(available) = self.inner.fill_buf() {
            let consumed = available.get(..count).unwrap_or(available);
            self.line += memchr::memchr_iter(b'\n', consumed).count() as u64;
        }
        self.left = self.left.saturating_sub(count);
        self.inner.consume(count);
    }
}
