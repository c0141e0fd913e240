//! `cargo xtask start --dev`: Trunk serves the dashboard, rebuilds it when a file changes and reloads the
//! page; the API and the socket go through it to the server on a port behind.
//!
//! The dashboard is a debug build: it is there for quick rebuilds, not for measuring.

use std::{fs, path::Path};

use crate::{
    args::{DEFAULT_PORT, StartOptions},
    child::{Child, interruptions, wait_for_end},
    dashboard::Settings,
    error::Error,
    project::Project,
    server::Server,
    tools::WebTools,
    welcome,
};

/// Trunk takes several proxies from a file only.
const TRUNK_TOML: &str = "Trunk.toml";
/// What the dashboard is made of; the same as in `Trunk.toml`.
const WATCHED: [&str; 10] = [
    "Cargo.toml",
    "index.html",
    "src",
    "style",
    "public",
    "crates/protocol",
    "crates/realtime",
    "crates/chart",
    "crates/connection",
    "crates/cache",
];

pub fn run(
    project: &Project,
    tools: &WebTools,
    program: &Path,
    data: &Path,
    options: &StartOptions,
) -> Result<(), Error> {
    let folder = project.target().join("dev");
    let dist = folder.join("dist");
    let empty = folder.join("nothing");
    for folder in [&dist, &empty] {
        fs::create_dir_all(folder).map_err(Error::at("create", folder))?;
    }
    let interrupted = interruptions()?;
    let port = options.port.to_string();
    let origins = ["127.0.0.1", "localhost"].map(|host| format!("--origin=http://{host}:{port}"));
    let more = origins
        .into_iter()
        .chain(["--query-token=true".to_owned()])
        .chain(welcome::demo_flag(options).map(str::to_owned));
    let mut server = Server::start(program, 0, data, &empty, more)?;

    let original = project.root().join(TRUNK_TOML);
    let config = fs::read_to_string(&original).map_err(Error::at("read", &original))?;
    let path = folder.join(TRUNK_TOML);
    fs::write(&path, with_backend(&config, &server.address)).map_err(Error::at("write", &path))?;

    let mut trunk = tools.trunk(project);
    trunk.arg("serve").arg(project.root().join("index.html"));
    trunk.arg("--config").arg(&path).arg("--dist").arg(&dist).args([
        "--address",
        "127.0.0.1",
        "--port",
        &port,
    ]);
    for name in WATCHED {
        trunk.arg("--watch").arg(project.root().join(name));
    }
    Settings::behind_trunk().apply(&mut trunk);
    print!("{}", welcome::text(&format!("http://127.0.0.1:{port}"), program, data, options.empty));
    println!(
        "The page is there after Trunk's first build (about 1 min the first time) and follows your edits.\n"
    );
    let mut trunk = Child::spawn(&mut trunk)?;

    let ended = wait_for_end(&interrupted, &mut [&mut server.child, &mut trunk]);
    eprintln!("\nStopping…");
    trunk.stop();
    server.child.stop();
    match ended {
        None => Ok(()),
        Some(0) => Err(Error::ServerStopped { status: server.child.status() }),
        Some(_) => Err(Error::Missing {
            what: format!("Trunk, which has stopped ({})", trunk.status()),
            advice: "Its output is above.".into(),
        }),
    }
}

/// The project's configuration with its proxies pointing at this server.
fn with_backend(config: &str, address: &str) -> String {
    let default = format!("127.0.0.1:{DEFAULT_PORT}");
    config.replace(&default, address.trim_start_matches("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = include_str!("../../Trunk.toml");

    #[test]
    fn every_proxy_is_pointed_at_the_server() {
        let config = with_backend(CONFIG, "http://127.0.0.1:40123");
        for backend in ["http://127.0.0.1:40123/api", "ws://127.0.0.1:40123/ws"] {
            assert!(config.contains(backend), "{backend} is missing in:\n{config}");
        }
        assert!(!config.contains("8787"));
    }

    #[test]
    fn watches_the_same_files_as_trunk() {
        let quoted: Vec<_> = WATCHED.iter().map(|name| format!("\"{name}\"")).collect();
        assert!(CONFIG.contains(&format!("watch = [{}]", quoted.join(", "))));
    }
}
