//! What is warned of at the start: settings that show health data, or a known password, to strangers.

use std::net::IpAddr;

use crate::config::Settings;

/// A sentence for each.
pub fn warnings(settings: &Settings, host: IpAddr) -> Vec<&'static str> {
    let operations = &settings.operations;
    let is_public = !host.is_loopback();
    let is_in_front = settings.behind_tls || !operations.trusted_proxies.is_empty();
    let mut warnings = Vec::new();
    if is_public && !is_in_front {
        warnings.push(
            "plain HTTP on an address that others reach: passwords and health data can be read on the way. Set \
             --tls-cert and --tls-key, or --behind-tls if something in front speaks TLS",
        );
    }
    if settings.demo && (is_public || is_in_front) {
        warnings.push(
            "--demo where others reach it: everybody knows the password of the demo account. Delete it with \
             `latido-server user delete` before real people use this server",
        );
    }
    if operations.metrics.is_some_and(|address| !address.ip().is_loopback()) {
        warnings.push("--metrics on an address that others reach: whoever reaches it can read the metrics");
    }
    if settings.behind_tls && !operations.speaks_tls() && operations.trusted_proxies.is_empty() {
        warnings
            .push("--behind-tls without --trusted-proxy: everybody behind the proxy counts as one address");
    }
    warnings
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::ServeArgs;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        serve: ServeArgs,
    }

    /// How each warning begins.
    fn beginnings(args: &[&str]) -> Vec<&'static str> {
        let args = Line::try_parse_from([&["line"], args].concat()).unwrap().serve;
        let warnings = warnings(&Settings::from(&args), args.host);
        warnings.iter().map(|warning| warning.split([' ', ':']).next().unwrap_or_default()).collect()
    }

    #[test]
    fn loopback_is_not_warned_of() {
        assert!(beginnings(&[]).is_empty());
        assert!(beginnings(&["--demo"]).is_empty());
        assert!(beginnings(&["--host", "::1", "--metrics", "127.0.0.1:9464"]).is_empty());
    }

    #[test]
    fn plain_http_in_public_is_warned_of() {
        assert_eq!(beginnings(&["--host", "0.0.0.0"]), ["plain"]);
        let encrypted = ["--host", "0.0.0.0", "--tls-cert", "cert.pem", "--tls-key", "key.pem"];
        assert!(beginnings(&encrypted).is_empty());
        assert!(beginnings(&["--host", "10.0.0.2", "--trusted-proxy", "10.0.0.1"]).is_empty());
        assert_eq!(beginnings(&["--metrics", "0.0.0.0:9464"]), ["--metrics"]);
    }

    #[test]
    fn the_demo_in_public_is_warned_of() {
        assert_eq!(beginnings(&["--demo", "--host", "0.0.0.0"]), ["plain", "--demo"]);
        assert_eq!(beginnings(&["--demo", "--behind-tls", "--trusted-proxy", "::1"]), ["--demo"]);
        assert_eq!(beginnings(&["--behind-tls"]), ["--behind-tls"]);
    }
}
