//! 2,000 writes a second of 200 users, each with ten sockets that are told: 20,000 deliveries a second.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    Bench, SOCKETS_A_USER,
    figure::{Figure, Unit},
};
use crate::{
    crowd::Crowd,
    error::Error,
    pace::Rate,
    server::Server,
    socket::Target,
    writer::{Writing, write},
};

const USERS: usize = 200;
const WRITES_A_SECOND: u32 = 2000;
const LASTING: Duration = Duration::from_secs(15);
/// Before it, so that nothing is measured that happens once.
const WARM_UP: Duration = Duration::from_secs(3);

pub async fn run(bench: &Bench, server: &Server) -> Result<Vec<Figure>, Error> {
    let accounts = bench.users(USERS);
    let crowd = Crowd::gather(Target::of(server), accounts, USERS * SOCKETS_A_USER).await;
    if crowd.refused > 0 {
        return Err(Error::NotOpened(crowd.refused));
    }
    let writing = |per_second, lasting| Writing {
        address: server.address,
        accounts,
        rate: Rate { per_second, lasting },
        padding: 0,
    };
    let warm = write(writing(WRITES_A_SECOND / 10, WARM_UP)).await;
    crowd.settle(warm.acknowledged() * SOCKETS_A_USER as u64).await;
    crowd.deliveries();
    let (before, used) = (crowd.delivered(), server.processor_time());

    let written = write(writing(WRITES_A_SECOND, LASTING)).await;
    let during = crowd.delivered() - before;
    crowd.settle((warm.acknowledged() + written.acknowledged()) * SOCKETS_A_USER as u64).await;
    sleep(Duration::from_millis(200)).await;
    let deliveries = crowd.deliveries();
    let processor = server.processor_time().saturating_sub(used).as_secs_f64() * 1000.0;
    let outcome = crowd.leave(|account| warm.by_account[account] + written.by_account[account]).await;

    Ok(vec![
        Figure::of("delivered", during as f64 / written.took.as_secs_f64(), Unit::PerSecond),
        Figure::of("write due to event here, p50", deliveries.at(0.5), Unit::Milliseconds),
        Figure::of("p95", deliveries.at(0.95), Unit::Milliseconds),
        Figure::of("p99", deliveries.at(0.99), Unit::Milliseconds).at_most(100.0),
        Figure::of(
            "processor time of 1,000 deliveries",
            processor * 1000.0 / deliveries.count() as f64,
            Unit::Milliseconds,
        ),
        Figure::of("writes failed", written.failed as f64, Unit::Count).at_most(0.0),
        Figure::of("events missing", outcome.faults.missing as f64, Unit::Count).at_most(0.0),
        Figure::of("sockets lost", outcome.lost as f64, Unit::Count).at_most(0.0),
    ])
}
