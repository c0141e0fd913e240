//! Stands in front of a server and writes down what is asked of it.
//!
//! What a browser says about its own requests is not enough: WebKit lists a file twice that it was told
//! to preload, whether it asked the server once or twice.

use std::{cell::RefCell, rc::Rc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::{JoinHandle, spawn_local},
};

/// Lets everything pass while it lives.
pub struct Gatekeeper {
    port: u16,
    requests: Rc<RefCell<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Gatekeeper {
    /// In front of `server`, `http://127.0.0.1:PORT`. Has to be called in a [`tokio::task::LocalSet`].
    pub async fn stand_before(server: &str) -> Self {
        let server = server.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let requests = Rc::<RefCell<Vec<String>>>::default();
        let written = requests.clone();
        let task = spawn_local(async move {
            while let Ok((browser, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&server).await else { continue };
                let (from_browser, mut to_browser) = browser.into_split();
                let (mut from_server, to_server) = server.into_split();
                spawn_local(pass(from_browser, to_server, written.clone()));
                spawn_local(async move { drop(copy(&mut from_server, &mut to_browser).await) });
            }
        });
        Self { port, requests, task }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The first line of every request so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.borrow().clone()
    }
}

impl Drop for Gatekeeper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Browsers send a request without a body in one piece, and wait for the answer before the next.
async fn pass(mut browser: OwnedReadHalf, mut server: OwnedWriteHalf, written: Rc<RefCell<Vec<String>>>) {
    let mut piece = vec![0; 64 * 1024];
    while let Ok(size @ 1..) = browser.read(&mut piece).await {
        let text = String::from_utf8_lossy(&piece[..size]);
        if let Some(line) = text.lines().next().filter(|line| line.ends_with("HTTP/1.1")) {
            written.borrow_mut().push(line.to_owned());
        }
        if server.write_all(&piece[..size]).await.is_err() {
            return;
        }
    }
}
