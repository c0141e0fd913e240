//! Food logs, over HTTP/1.1 connections that are kept open.

use std::{
    io,
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, StatusCode,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
    header,
};
use hyper_util::rt::TokioIo;
use tokio::{
    sync::mpsc::UnboundedReceiver,
    task::{JoinSet, spawn_local},
};

use crate::{
    accounts::Account,
    latency::Latencies,
    pace::{Due, Rate, lanes},
    socket::to_wire,
    source::{self, Window},
};

/// Connections that a writing scenario uses. Enough for any of them to be slow for a while.
const CONNECTIONS: usize = 64;

/// As large as a character gets.
const PADDING: &str = "🌶";

#[derive(Debug, thiserror::Error)]
enum WriteError {
    #[error("no connection: {0}")]
    Connect(#[from] io::Error),
    #[error("{0}")]
    Http(#[from] hyper::Error),
    #[error("the answer was {0}")]
    Refused(StatusCode),
}

/// What is written, and by whom.
#[derive(Clone, Copy)]
pub struct Writing {
    pub address: SocketAddr,
    pub accounts: &'static [Account],
    pub rate: Rate,
    /// Notes of this many characters of four bytes beside the time, for big events.
    pub padding: usize,
}

/// How it went.
#[derive(Default)]
pub struct Written {
    /// From when a write was due to when its acknowledgement was here.
    pub latencies: Latencies,
    /// Acknowledged writes of each account.
    pub by_account: Vec<u64>,
    pub failed: u64,
    pub took: Duration,
}

impl Written {
    pub fn acknowledged(&self) -> u64 {
        self.by_account.iter().sum()
    }
}

/// Writes for the accounts in turn, each when it is due, and waits for the last answer.
pub async fn write(writing: Writing) -> Written {
    let latencies = Rc::new(Latencies::default());
    let begun = Instant::now();
    let mut writers = JoinSet::new();
    for lane in lanes(writing.rate, CONNECTIONS) {
        writers.spawn_local(write_lane(writing, lane, Rc::clone(&latencies)));
    }
    let mut written = Written { by_account: vec![0; writing.accounts.len()], ..Written::default() };
    while let Some(lane) = writers.join_next().await {
        let Ok((acknowledged, failed)) = lane else { continue };
        written.failed += failed;
        for number in acknowledged {
            written.by_account[number] += 1;
        }
    }
    written.took = begun.elapsed();
    if let Some(latencies) = Rc::into_inner(latencies) {
        written.latencies = latencies;
    }
    written
}

/// One connection's share. Gives the accounts whose writes were acknowledged, and how many failed.
async fn write_lane(
    writing: Writing,
    mut lane: UnboundedReceiver<Due>,
    latencies: Rc<Latencies>,
) -> (Vec<usize>, u64) {
    let mut connection = None;
    let (mut acknowledged, mut failed) = (Vec::new(), 0);
    while let Some(due) = lane.recv().await {
        let number = usize::try_from(due.number).unwrap_or(0) % writing.accounts.len();
        let request = post(&writing, &writing.accounts[number], due.at);
        match exchange(&mut connection, writing.address, request).await {
            Ok(()) => {
                latencies.record(due.at.elapsed());
                acknowledged.push(number);
            }
            Err(error) => {
                if failed == 0 {
                    eprintln!("    a write failed: {error}");
                }
                failed += 1;
                connection = None;
            }
        }
    }
    (acknowledged, failed)
}

type Connection = SendRequest<Full<Bytes>>;

async fn exchange(
    connection: &mut Option<Connection>,
    address: SocketAddr,
    request: Request<Full<Bytes>>,
) -> Result<(), WriteError> {
    let sender = match connection {
        Some(sender) => sender,
        none => none.insert(connect(address).await?),
    };
    sender.ready().await?;
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    answer.into_body().collect().await?;
    if status == StatusCode::CREATED { Ok(()) } else { Err(WriteError::Refused(status)) }
}

async fn connect(address: SocketAddr) -> Result<Connection, WriteError> {
    let stream = source::connect(address, Window::Usual).await?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    // Its errors come out of the sender too.
    spawn_local(async move { drop(connection.await) });
    Ok(sender)
}

fn post(writing: &Writing, account: &Account, due: Instant) -> Request<Full<Bytes>> {
    let notes = format!("{} {}", to_wire(due), PADDING.repeat(writing.padding));
    let body = format!(
        r#"{{"meal":"lunch","name":"Lentejas con verduras","calories":420,"proteinG":18,"carbsG":60.5,"fatG":9,"notes":"{}","source":"wallavi"}}"#,
        notes.trim_end()
    );
    let mut request = Request::new(Full::from(body));
    *request.method_mut() = hyper::Method::POST;
    *request.uri_mut() = hyper::Uri::from_static("/api/food-logs");
    let headers = request.headers_mut();
    let host = header::HeaderValue::try_from(writing.address.to_string());
    let bearer = header::HeaderValue::try_from(format!("Bearer {}", account.token));
    headers.extend(host.ok().map(|host| (header::HOST, host)));
    headers.extend(bearer.ok().map(|bearer| (header::AUTHORIZATION, bearer)));
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    request
}
