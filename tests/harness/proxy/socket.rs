//! What happens to the frames of an open socket.
//!
//! Frames are parsed and passed on whole, so that a fault comes where it is meant to come, and an injected frame
//! between two of the server's.

use std::{cell::RefCell, io::Cursor, rc::Rc};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    sync::{mpsc, watch},
};
use tokio_tungstenite::tungstenite::protocol::frame::{
    Frame, FrameHeader,
    coding::{Data, OpCode},
};

/// What becomes of the bytes of the sockets, in both directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wire {
    #[default]
    Clear,
    /// Nothing arrives, nothing is lost: it arrives once the wire is clear again.
    Stalled,
    /// Half open: nothing arrives, and neither side is notified.
    Swallowed,
}

#[derive(Clone, Debug)]
pub(super) enum Order {
    /// A whole frame.
    Send(Vec<u8>),
    Cut,
    CutInNextFrame,
}

type Edit = Rc<dyn Fn(&str) -> Option<String>>;

/// All that are open, and what goes for all of them.
#[derive(Default)]
pub(super) struct Sockets {
    wire: watch::Sender<Wire>,
    edit: RefCell<Option<Edit>>,
    open: RefCell<Vec<mpsc::UnboundedSender<Order>>>,
}

impl Sockets {
    pub fn wire(&self, wire: Wire) {
        self.wire.send_replace(wire);
    }

    pub fn edit(&self, edit: Option<Edit>) {
        self.edit.replace(edit);
    }

    /// To all that are open.
    pub fn order(&self, order: &Order) {
        for socket in self.open.borrow().iter() {
            // One that has just ended needs no orders.
            let _ = socket.send(order.clone());
        }
    }

    pub fn count(&self) -> usize {
        self.open.borrow().iter().filter(|socket| !socket.is_closed()).count()
    }

    /// The server's frame as the browser gets it.
    fn edited(&self, frame: Vec<u8>) -> Option<Vec<u8>> {
        let Some(edit) = self.edit.borrow().clone() else { return Some(frame) };
        let mut cursor = Cursor::new(&frame);
        match FrameHeader::parse(&mut cursor) {
            Ok(Some((header, _))) if header.opcode == OpCode::Data(Data::Text) => {
                let text = String::from_utf8_lossy(&frame[cursor.position() as usize..]);
                edit(&text).map(|text| self::frame(header.opcode, text.as_bytes()))
            }
            _ => Some(frame),
        }
    }
}

/// A whole frame as a server sends it.
pub(super) fn frame(kind: OpCode, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    Frame::message(payload.to_vec(), kind, true).format(&mut bytes).expect("a vector takes everything");
    bytes
}

/// Until either side or an order ends it.
pub(super) async fn relay(
    mut browser: TcpStream,
    mut server: TcpStream,
    first_frames: Vec<u8>,
    sockets: &Sockets,
) {
    let (myself, orders) = mpsc::unbounded_channel();
    {
        let mut open = sockets.open.borrow_mut();
        open.retain(|socket| !socket.is_closed());
        open.push(myself);
    }
    let was_cut = {
        let (from_browser, to_browser) = browser.split();
        let (from_server, to_server) = server.split();
        let up = upwards(Frames::new(from_browser, Vec::new()), to_server, sockets.wire.subscribe());
        let down = downwards(Frames::new(from_server, first_frames), to_browser, sockets, orders);
        tokio::select! {
            () = up => false,
            was_cut = down => was_cut,
        }
    };
    if was_cut {
        // Closing it now resets it.
        let _ = browser.set_zero_linger();
    }
}

async fn upwards(
    mut frames: Frames<impl AsyncRead + Unpin>,
    mut server: impl AsyncWrite + Unpin,
    mut wire: watch::Receiver<Wire>,
) {
    loop {
        let state = *wire.borrow_and_update();
        let frame = tokio::select! {
            biased;
            Ok(()) = wire.changed() => continue,
            frame = frames.next(), if state != Wire::Stalled => frame,
        };
        match frame {
            Some(_) if state == Wire::Swallowed => {}
            Some(frame) if server.write_all(&frame).await.is_ok() => {}
            Some(_) | None => return,
        }
    }
}

/// Whether it was cut.
async fn downwards(
    mut frames: Frames<impl AsyncRead + Unpin>,
    mut browser: impl AsyncWrite + Unpin,
    sockets: &Sockets,
    mut orders: mpsc::UnboundedReceiver<Order>,
) -> bool {
    let mut wire = sockets.wire.subscribe();
    let mut cut_in_next = false;
    loop {
        let state = *wire.borrow_and_update();
        let frame = tokio::select! {
            biased;
            Ok(()) = wire.changed() => continue,
            Some(order) = orders.recv() => match order {
                Order::Cut => return true,
                Order::CutInNextFrame => {
                    cut_in_next = true;
                    continue;
                }
                Order::Send(frame) => Some(frame),
            },
            frame = frames.next(), if state != Wire::Stalled => match frame {
                Some(_) if state == Wire::Swallowed => continue,
                None if state == Wire::Swallowed => {
                    // Neither side is notified of the end.
                    let _ = wire.changed().await;
                    return false;
                }
                Some(frame) => match sockets.edited(frame) {
                    Some(frame) => Some(frame),
                    None => continue,
                },
                None => None,
            },
        };
        let Some(frame) = frame else { return false };
        let size = if cut_in_next { frame.len() / 2 } else { frame.len() };
        if browser.write_all(&frame[..size]).await.is_err() || cut_in_next {
            return cut_in_next;
        }
    }
}

/// Splits the stream into frames.
struct Frames<R> {
    from: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Frames<R> {
    fn new(from: R, buffer: Vec<u8>) -> Self {
        Self { from, buffer }
    }

    /// The next frame, header and all; `None` at the end. Nothing is lost when it is not waited for.
    async fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(size) = self.size() {
                let rest = self.buffer.split_off(size);
                return Some(std::mem::replace(&mut self.buffer, rest));
            }
            if self.from.read_buf(&mut self.buffer).await.ok()? == 0 {
                return None;
            }
        }
    }

    /// Of the frame that is in the buffer, if it is there whole.
    fn size(&self) -> Option<usize> {
        let mut cursor = Cursor::new(&self.buffer);
        let (_, payload) = FrameHeader::parse(&mut cursor).ok()??;
        let size = cursor.position() as usize + payload as usize;
        (self.buffer.len() >= size).then_some(size)
    }
}
