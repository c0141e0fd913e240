//! Where Prometheus reads the metrics: an address of its own, so that what the outside reaches never
//! tells how busy the inside is.

use std::{io, net::SocketAddr, time::Duration};

use axum::{Router, http::header, routing::get};
use metrics_exporter_prometheus::BuildError;

use super::recorder;

/// How often what has been measured is folded into the histograms when nobody reads them.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    #[error("the metrics could not be set up: {0}")]
    Recorder(#[from] BuildError),
    #[error("cannot listen on {address} for --metrics: {error}")]
    Listen { address: SocketAddr, error: io::Error },
}

/// The routes of that address.
pub fn router() -> Result<Router, MetricsError> {
    let recorder = recorder()?;
    let metrics = async move || {
        ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], recorder.render())
    };
    Ok(Router::new().route("/metrics", get(metrics)))
}

/// Keeps the memory of what has been measured bounded, for as long as it is polled.
pub async fn upkeep() -> Result<(), MetricsError> {
    let recorder = recorder()?;
    let mut ticks = tokio::time::interval(UPKEEP_EVERY);
    loop {
        ticks.tick().await;
        recorder.run_upkeep();
    }
}
