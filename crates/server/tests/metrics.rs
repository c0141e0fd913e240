//! What Prometheus reads.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::net::SocketAddr;

use latido_protocol::frame::Position;
use support::{
    Server,
    socket::open,
    wire::{get, status},
};

/// What is read, and the sum of the lines of a metric whose labels include all of these. What one process
/// counts is counted together, also by tests that run at the same time: so only growth is looked at.
struct Reading(String);

impl Reading {
    async fn of(server: &Server) -> Self {
        let address: SocketAddr = server.running.metrics.unwrap();
        let answer = get(address, "/metrics", "").await;
        assert_eq!(status(&answer), 200);
        Self(answer)
    }

    fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let lines = self.0.lines().filter(|line| {
            let (metric, _) = line.split_once(['{', ' ']).unwrap_or_default();
            metric == name && labels.iter().all(|label| line.contains(label))
        });
        lines.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
    }
}

async fn start() -> Server {
    Server::start_with(|settings| settings.operations.metrics = Some("127.0.0.1:0".parse().unwrap())).await
}

#[tokio::test]
async fn what_happens_is_counted() {
    let server = start().await;
    let before = Reading::of(&server).await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    let welcome = socket.start().await;
    let open_now = Reading::of(&server).await;
    lucia.log_food("Avena").await;
    socket.event_seq().await;
    socket.hello(Some(Position { epoch: welcome.epoch, seq: welcome.head })).await;
    let after = Reading::of(&server).await;

    let grown = |name: &str, labels: &[&str]| after.sum(name, labels) - before.sum(name, labels);
    let post = [r#"method="POST""#, r#"route="/api/food-logs""#, r#"status="201""#];
    assert!(grown("latido_http_requests_total", &post) >= 1.0, "{}", after.0);
    assert!(grown("latido_http_request_seconds_count", &post[..2]) >= 1.0, "{}", after.0);
    assert!(grown("latido_http_request_seconds_bucket", &[r#"le="+Inf""#]) >= 1.0, "{}", after.0);
    assert!(open_now.sum("latido_sockets_open", &[]) >= 1.0);
    assert!(open_now.sum("latido_connections_open", &[]) >= 1.0);
    assert!(grown("latido_events_published_total", &[]) >= 1.0);
    assert!(grown("latido_deliveries_total", &[]) >= 1.0);
    assert!(grown("latido_welcomes_total", &[r#"mode="fresh""#]) >= 1.0);
    assert!(grown("latido_welcomes_total", &[r#"mode="resumed""#]) >= 1.0);
    assert!(grown("latido_batch_writes_count", &[]) >= 1.0);
    assert!(grown("latido_commit_seconds_count", &[]) >= 1.0);
    assert!(after.0.contains(concat!("latido_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1")));
}

#[tokio::test]
async fn a_socket_that_ends_is_counted_by_its_code() {
    let server = start().await;
    let lucia = server.person("lucia@example.org").await;
    let before = Reading::of(&server).await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    lucia.delete("/session").await;
    assert_eq!(socket.close_code().await, Some(4401));
    let label = [r#"code="4401""#];
    let after = Reading::of(&server).await;
    assert!(
        after.sum("latido_socket_closes_total", &label) > before.sum("latido_socket_closes_total", &label)
    );
}

#[tokio::test]
async fn no_client_can_add_a_line_and_no_line_says_who() {
    let server = start().await;
    let lucia = server.person("lucia@example.org").await;
    let id = lucia.log_food("Caldo secreto").await;
    let address = server.running.address;
    get(address, &format!("/api/food-logs/{id}"), "").await;
    get(address, "/invented/path?token=secret", "").await;
    get(address, "/api/invented", "").await;
    support::wire::exchange(
        tokio::net::TcpStream::connect(address).await.unwrap(),
        &support::wire::request("INVENTED", "/api/session", ""),
    )
    .await;
    let reading = Reading::of(&server).await;
    assert!(reading.0.contains(r#"route="/api/food-logs/{id}""#), "{}", reading.0);
    assert!(
        reading.0.contains(r#"method="other""#) && reading.0.contains(r#"route="other""#),
        "{}",
        reading.0
    );
    for told in [id.as_str(), "nvented", "INVENTED", "secret", "lucia", "127.0.0.1"] {
        let (_, body) = reading.0.split_once("\r\n\r\n").unwrap();
        assert!(!body.contains(told), "{told} is in {body}");
    }
}

#[tokio::test]
async fn metrics_are_read_at_their_own_address_only() {
    let server = start().await;
    assert_ne!(status(&get(server.running.address, "/metrics", "").await), 200);
    assert_eq!(status(&get(server.running.metrics.unwrap(), "/api/session", "").await), 404);
    let without = Server::start().await;
    assert_eq!(without.running.metrics, None);
}
