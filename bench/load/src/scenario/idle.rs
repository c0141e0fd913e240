//! Ten thousand sockets that say hello and then only keep their heartbeat, for longer than one takes to come round.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    Bench, SOCKETS_A_USER,
    figure::{Figure, Unit},
};
use crate::{crowd::Crowd, error::Error, server::Server, socket::Target};

const SOCKETS: usize = 10_000;
const HELD: Duration = Duration::from_secs(40);

pub async fn run(bench: &Bench, server: &Server) -> Result<Vec<Figure>, Error> {
    let before = server.memory();
    let crowd = Crowd::gather(Target::of(server), bench.users(SOCKETS / SOCKETS_A_USER), SOCKETS).await;
    if crowd.refused > 0 {
        return Err(Error::NotOpened(crowd.refused));
    }
    let openings = crowd.seen.openings.take();
    let used = server.processor_time();
    sleep(HELD).await;
    let busy = server.processor_time().saturating_sub(used).as_secs_f64() / HELD.as_secs_f64();
    let held = server.memory();
    let outcome = crowd.leave(|_| 0).await;

    let each = |kb: f64| (kb - before.resident_kb) / SOCKETS as f64;
    Ok(vec![
        Figure::of("resident memory a socket", each(held.resident_kb), Unit::Kilobytes).at_most(20.0),
        Figure::of("the most it ever was, a socket", each(held.peak_kb), Unit::Kilobytes).at_most(20.0),
        Figure::of("processor while idle (100 % is one core)", busy * 100.0, Unit::Percent),
        Figure::of("opening one, 1,000 a second, p99", openings.at(0.99), Unit::Milliseconds),
        Figure::of("sockets lost", outcome.lost as f64, Unit::Count).at_most(0.0),
    ])
}
