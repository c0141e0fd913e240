//! What can be set about managed connections.

use std::time::Duration;

use clap::Args;
use ipnet::IpNet;

use super::address::Reach;

#[derive(Args, Clone, Debug)]
pub struct LinkArgs {
    /// A network that managed connections may lead to although they else may not, such as
    /// 127.0.0.0/8 for a simulated device on this machine; repeatable
    #[arg(long = "link-network", env = "LATIDO_LINK_NETWORK", value_delimiter = ',', value_name = "CIDR")]
    pub link_networks: Vec<IpNet>,

    /// How many days the logs of managed connections are kept
    #[arg(long, env = "LATIDO_LOG_DAYS", default_value_t = 30, value_name = "DAYS",
          value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub log_days: u16,
}

#[derive(Clone, Debug)]
pub struct LinkSettings {
    pub reach: Reach,
    /// How long a row of a log is kept, in milliseconds.
    pub log_ms: i64,
    /// How many rows a log has at most.
    pub log_rows: usize,
    /// How long a device has to answer a command.
    pub command_within: Duration,
    /// How long a source has to answer what it is asked first.
    pub ready_within: Duration,
}

impl Default for LinkSettings {
    fn default() -> Self {
        Self {
            reach: Reach::default(),
            log_ms: days(30),
            log_rows: 10_000,
            command_within: Duration::from_secs(5),
            ready_within: Duration::from_secs(10),
        }
    }
}

impl From<&LinkArgs> for LinkSettings {
    fn from(args: &LinkArgs) -> Self {
        Self { reach: Reach::new(args.link_networks.clone()), log_ms: days(args.log_days), ..Self::default() }
    }
}

fn days(days: u16) -> i64 {
    i64::from(days) * 24 * 3_600_000
}
