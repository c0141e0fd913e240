//! 2,000 sockets of 200 users. Every millisecond one is cut off; 400 ms later it comes back and says what it had.
//! Meanwhile every user writes once a second, so two in five come back to something that they missed.

use std::time::Duration;

use super::{
    Bench, SOCKETS_A_USER,
    figure::{Figure, Unit},
};
use crate::{
    crowd::{Crowd, Redials},
    error::Error,
    pace::{Rate, lanes_later},
    server::Server,
    socket::Target,
    writer::{Writing, write},
};

const USERS: usize = 200;
const SOCKETS: usize = USERS * SOCKETS_A_USER;
const WRITES_A_SECOND: u32 = 200;
const LASTING: Duration = Duration::from_secs(15);
/// How long after a socket's cut it dials again.
const OFFLINE: Duration = Duration::from_millis(400);
const REDIALS: Rate = Rate { per_second: 1000, lasting: LASTING };

pub async fn run(bench: &Bench, server: &Server) -> Result<Vec<Figure>, Error> {
    let accounts = bench.users(USERS);
    let (begin, redials) = lanes_later(REDIALS, SOCKETS);
    let redials = Redials { lanes: redials, offline: OFFLINE };
    let crowd = Crowd::gather_with(Target::of(server), accounts, SOCKETS, Some(redials)).await;
    if crowd.refused > 0 {
        return Err(Error::NotOpened(crowd.refused));
    }
    crowd.seen.openings.take();
    let used = server.processor_time();
    begin();
    let rate = Rate { per_second: WRITES_A_SECOND, lasting: LASTING + OFFLINE };
    let written = write(Writing { address: server.address, accounts, rate, padding: 0 }).await;
    crowd.settle(written.acknowledged() * SOCKETS_A_USER as u64).await;
    let processor = server.processor_time().saturating_sub(used).as_secs_f64() / rate.lasting.as_secs_f64();
    let openings = crowd.seen.openings.take();
    let outcome = crowd.leave(|account| written.by_account[account]).await;

    Ok(vec![
        Figure::of("came back", openings.count() as f64 / LASTING.as_secs_f64(), Unit::PerSecond),
        Figure::of("dial due to caught up, p50", openings.at(0.5), Unit::Milliseconds),
        Figure::of("p99", openings.at(0.99), Unit::Milliseconds),
        Figure::of("processor (100 % is one core)", processor * 100.0, Unit::Percent),
        Figure::of("events missing", outcome.faults.missing as f64, Unit::Count).at_most(0.0),
        Figure::of("events twice", outcome.faults.repeated as f64, Unit::Count).at_most(0.0),
        Figure::of("had to fetch everything", outcome.faults.resets as f64, Unit::Count).at_most(0.0),
        Figure::of("dials failed", outcome.redials_failed as f64, Unit::Count).at_most(0.0),
        Figure::of("sockets lost", outcome.lost as f64, Unit::Count).at_most(0.0),
    ])
}
