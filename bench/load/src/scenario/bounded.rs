//! Twenty quiet users whose events are timed: alone, and while others attack.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    Bench,
    attack::Attack,
    figure::{Figure, Unit},
};
use crate::{
    crowd::Crowd,
    error::Error,
    latency::Percentiles,
    pace::Rate,
    server::Server,
    socket::Target,
    writer::{Writing, write},
};

const QUIET_USERS: usize = 20;
const QUIET: Rate = Rate { per_second: 50, lasting: Duration::from_secs(20) };
/// How long an attack goes on before the quiet users are timed.
const BUILD_UP: Duration = Duration::from_secs(2);

pub async fn run(bench: &Bench, server: &Server) -> Result<Vec<Figure>, Error> {
    let accounts = bench.users(QUIET_USERS);
    let crowd = Crowd::gather(Target::of(server), accounts, QUIET_USERS).await;
    if crowd.refused > 0 {
        return Err(Error::NotOpened(crowd.refused));
    }
    let mut heads = vec![0; QUIET_USERS];
    time(&crowd, server, accounts, &mut heads).await;
    let alone = time(&crowd, server, accounts, &mut heads).await;
    let mut figures = vec![
        Figure::of("quiet users alone, p50", alone.at(0.5), Unit::Milliseconds),
        Figure::of("p99", alone.at(0.99), Unit::Milliseconds),
    ];
    for attack in Attack::ALL {
        server.forget_peak();
        let before = server.memory();
        let attacking = attack.begin(bench, server);
        sleep(BUILD_UP).await;
        let during = time(&crowd, server, accounts, &mut heads).await;
        let peak = server.memory();
        attacking.end().await;
        let [p99, ratio, grown] = attack.figures();
        figures.push(Figure::of(p99, during.at(0.99), Unit::Milliseconds));
        figures.push(Figure::of(ratio, during.at(0.99) / alone.at(0.99), Unit::Times).at_most(2.0));
        figures.push(Figure::of(grown, (peak.peak_kb - before.resident_kb) / 1024.0, Unit::Megabytes));
        // Until the server has noticed that they are gone.
        sleep(BUILD_UP).await;
    }
    let outcome = crowd.leave(|account| heads[account]).await;
    figures.push(
        Figure::of("quiet users' events missing", outcome.faults.missing as f64, Unit::Count).at_most(0.0),
    );
    figures.push(Figure::of("quiet users' sockets lost", outcome.lost as f64, Unit::Count).at_most(0.0));
    Ok(figures)
}

async fn time(
    crowd: &Crowd,
    server: &Server,
    accounts: &'static [crate::accounts::Account],
    heads: &mut [u64],
) -> Percentiles {
    let written = write(Writing { address: server.address, accounts, rate: QUIET, padding: 0 }).await;
    for (head, written) in heads.iter_mut().zip(&written.by_account) {
        *head += written;
    }
    crowd.settle(heads.iter().sum()).await;
    crowd.deliveries()
}
