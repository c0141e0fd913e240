//! 1,000 writes a second of 200 users, each with one socket that is told.

use std::time::Duration;

use super::{
    Bench,
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
const WRITES_A_SECOND: u32 = 1000;
const LASTING: Duration = Duration::from_secs(15);
const WARM_UP: Duration = Duration::from_secs(3);

pub async fn run(bench: &Bench, server: &Server) -> Result<Vec<Figure>, Error> {
    let accounts = bench.users(USERS);
    let crowd = Crowd::gather(Target::of(server), accounts, USERS).await;
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
    crowd.deliveries();
    let used = server.processor_time();
    let written = write(writing(WRITES_A_SECOND, LASTING)).await;
    let processor = server.processor_time().saturating_sub(used).as_secs_f64() * 1000.0;
    crowd.settle(warm.acknowledged() + written.acknowledged()).await;
    let deliveries = crowd.deliveries();
    let outcome = crowd.leave(|account| warm.by_account[account] + written.by_account[account]).await;
    let acknowledged = written.acknowledged() as f64;
    let answers = written.latencies.take();

    Ok(vec![
        Figure::of("acknowledged", acknowledged / written.took.as_secs_f64(), Unit::PerSecond),
        Figure::of("write due to acknowledgement, p50", answers.at(0.5), Unit::Milliseconds),
        Figure::of("p95", answers.at(0.95), Unit::Milliseconds),
        Figure::of("p99", answers.at(0.99), Unit::Milliseconds).at_most(5.0),
        Figure::of("p99.9", answers.at(0.999), Unit::Milliseconds),
        Figure::of("write due to event here, p99", deliveries.at(0.99), Unit::Milliseconds),
        Figure::of("processor time of 1,000 writes", processor * 1000.0 / acknowledged, Unit::Milliseconds),
        Figure::of("writes failed", written.failed as f64, Unit::Count).at_most(0.0),
        Figure::of("events missing", outcome.faults.missing as f64, Unit::Count).at_most(0.0),
    ])
}
