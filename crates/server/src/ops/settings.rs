//! The flags that say how the server is run, and how much anybody may ask of it.

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf};

use clap::Args;
use ipnet::IpNet;

/// Everything here has a default that suits one team on one machine.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Operations")]
pub struct Operations {
    /// A second address, where Prometheus may read /metrics. Anybody who reaches it may read it
    #[arg(long = "metrics", env = "LATIDO_METRICS", value_name = "ADDRESS")]
    pub metrics: Option<SocketAddr>,

    /// The certificate chain to speak TLS with, as PEM; SIGHUP reads it anew
    #[arg(long, env = "LATIDO_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// The private key of that certificate, as PEM
    #[arg(long, env = "LATIDO_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// A proxy in front of this server, whose X-Forwarded-For and X-Forwarded-Proto are believed, such
    /// as 10.0.0.0/8; repeatable
    #[arg(long = "trusted-proxy", env = "LATIDO_TRUSTED_PROXY", value_delimiter = ',', value_name = "CIDR",
          value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,

    /// How long to go on serving after SIGTERM with /readyz saying no, so that a load balancer notices
    #[arg(long, env = "LATIDO_DRAIN_SECONDS", default_value_t = 0, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(..=600))]
    pub drain_seconds: u64,

    /// How much of the data directory's disk has to be free, in MiB, for /readyz to say that the server is ready
    #[arg(long, env = "LATIDO_MIN_FREE_MIB", default_value_t = 64, value_name = "MIB")]
    pub min_free_mib: u64,

    /// How many connections may be open
    #[arg(long, env = "LATIDO_MAX_CONNECTIONS", default_value = "20000", value_name = "COUNT")]
    pub max_connections: NonZeroU32,

    /// How many of them from one address (of IPv6: from one /64). Trusted proxies are not counted
    #[arg(long, env = "LATIDO_MAX_CONNECTIONS_PER_ADDRESS", default_value = "2000", value_name = "COUNT")]
    pub max_connections_per_address: NonZeroU32,

    /// How many sockets may be open from one address, also when they come through a proxy
    #[arg(long, env = "LATIDO_MAX_SOCKETS_PER_ADDRESS", default_value = "1000", value_name = "COUNT")]
    pub max_sockets_per_address: NonZeroU32,

    /// How many requests a minute an address may make
    #[arg(long, env = "LATIDO_REQUESTS_PER_ADDRESS", default_value = "6000", value_name = "PER_MINUTE")]
    pub requests_per_address: NonZeroU32,

    /// How many requests a minute a user may make
    #[arg(long, env = "LATIDO_REQUESTS_PER_USER", default_value = "1200", value_name = "PER_MINUTE")]
    pub requests_per_user: NonZeroU32,

    /// How many rows of imports a minute a user may send; one writer keeps ten times as many
    #[arg(long, env = "LATIDO_IMPORT_ROWS_PER_USER", default_value = "60000", value_name = "PER_MINUTE")]
    pub import_rows_per_user: NonZeroU32,

    /// How many times a minute an address, or for an account, a wrong password may be tried
    #[arg(long, env = "LATIDO_SIGN_IN_FAILURES", default_value = "10", value_name = "PER_MINUTE")]
    pub sign_in_failures: NonZeroU32,
}

impl Operations {
    /// Whether this server speaks TLS itself.
    pub fn speaks_tls(&self) -> bool {
        self.tls_cert.is_some()
    }
}

impl Default for Operations {
    /// What nobody has set.
    fn default() -> Self {
        let count = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        Self {
            metrics: None,
            tls_cert: None,
            tls_key: None,
            trusted_proxies: Vec::new(),
            drain_seconds: 0,
            min_free_mib: 64,
            max_connections: count(20_000),
            max_connections_per_address: count(2000),
            max_sockets_per_address: count(1000),
            requests_per_address: count(6000),
            requests_per_user: count(1200),
            import_rows_per_user: count(60_000),
            sign_in_failures: count(10),
        }
    }
}

/// `10.0.0.0/8`, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let one = text.parse().map(|address: std::net::IpAddr| IpNet::from(address));
    text.parse().or(one).map_err(|_| "this is no network such as 10.0.0.0/8 and no address".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        operations: Operations,
    }

    fn parse(args: &[&str]) -> Result<Operations, clap::Error> {
        Line::try_parse_from([&["line"], args].concat()).map(|line| line.operations)
    }

    #[test]
    fn the_defaults_of_the_command_line_and_of_the_code_are_the_same() {
        assert_eq!(format!("{:?}", parse(&[]).unwrap()), format!("{:?}", Operations::default()));
    }

    #[test]
    fn a_proxy_is_a_network_or_an_address() {
        let proxies = parse(&["--trusted-proxy", "10.0.0.0/8,::1", "--trusted-proxy", "192.0.2.1"]).unwrap();
        let proxies: Vec<_> = proxies.trusted_proxies.iter().map(ToString::to_string).collect();
        assert_eq!(proxies, ["10.0.0.0/8", "::1/128", "192.0.2.1/32"]);
        assert!(parse(&["--trusted-proxy", "proxy.example.org"]).is_err());
    }

    #[test]
    fn no_limit_can_be_nought() {
        for flag in ["--max-connections", "--requests-per-user", "--sign-in-failures"] {
            assert!(parse(&[flag, "0"]).is_err(), "{flag}");
        }
    }

    #[test]
    fn a_certificate_without_a_key_is_refused() {
        assert!(parse(&["--tls-cert", "cert.pem"]).is_err());
        assert!(parse(&["--tls-cert", "cert.pem", "--tls-key", "key.pem"]).unwrap().speaks_tls());
    }
}
