//! Where connections come from. One address has some 28,000 ports and every closed connection keeps its port for a
//! minute, so the clients share many addresses of the loopback network; that also keeps them below what a server
//! allows one address.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicU32, Ordering},
};

use tokio::net::{TcpSocket, TcpStream};

const ADDRESSES: u32 = 1000;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// How much the system keeps for a connection that does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// As much as it likes.
    Usual,
    /// As little as it can.
    Small,
}

/// Connects from the next address in turn.
pub async fn connect(to: SocketAddr, window: Window) -> io::Result<TcpStream> {
    let number = NEXT.fetch_add(1, Ordering::Relaxed) % ADDRESSES;
    let [_, _, high, low] = number.to_be_bytes();
    let from = Ipv4Addr::new(127, 1, high, low + u8::from(low < 255));
    let socket = TcpSocket::new_v4()?;
    if window == Window::Small {
        socket.set_recv_buffer_size(4096)?;
    }
    socket.bind((from, 0).into())?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
