//! `cargo xtask start`: everything on one loopback port, with demo data.

use std::{
    env,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
};

use crate::{
    args::{DEFAULT_PORT, StartOptions},
    cache::Cache,
    child::{interruptions, wait_for_end},
    dashboard::{self, Settings},
    dev,
    error::Error,
    project::Project,
    server::{self, Server},
    step::Steps,
    tools::WebTools,
};

pub fn run(options: &StartOptions) -> Result<(), Error> {
    // Before minutes of building, not after.
    require_free(options.port)?;
    let project = Project::find()?;
    let cache = Cache::find()?;
    let data = options.data.clone().unwrap_or_else(|| project.root().join("data"));

    let builds = if options.dev { 1 } else { 2 };
    let mut steps = Steps::new(project.logs(), WebTools::STEPS + builds);
    let tools = WebTools::ensure(&project, &cache, &mut steps)?;
    let program = server::build(&project, &mut steps)?;
    if options.dev {
        return dev::run(&project, &tools, &program, &data, options);
    }
    let dist = project.bundled_dist();
    dashboard::build(&project, &tools, &Settings::bundled(), &dist, &mut steps)?;

    let interrupted = interruptions()?;
    require_free(options.port)?;
    let mut server = Server::start(&program, options.port, &data, &dist, demo_flag(options))?;
    print!("{}", welcome(&server.address, &program, &data, options.empty));
    if wait_for_end(&interrupted, &mut [&mut server.child]).is_some() {
        return Err(Error::ServerStopped { status: server.child.status() });
    }
    eprintln!("\nStopping…");
    server.child.stop();
    eprintln!("Stopped. The data is in {}.", shown(&data));
    Ok(())
}

pub fn demo_flag(options: &StartOptions) -> Option<&'static str> {
    (!options.empty).then_some("--demo")
}

fn require_free(port: u16) -> Result<(), Error> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Err(Error::PortTaken(port)),
        Err(error) => Err(Error::io(format!("listen on port {port} of 127.0.0.1"))(error)),
    }
}

/// What to know and what to try, once it runs.
pub fn welcome(address: &str, program: &Path, data: &Path, empty: bool) -> String {
    let program = shown(program);
    let data = shown(data);
    let url = match address.rsplit_once(':') {
        Some((_, port)) if port == DEFAULT_PORT.to_string() => String::new(),
        _ => format!(" --url {address}"),
    };
    let (sign_in, user) = if empty {
        let add =
            format!("an account of your own: {program} user add you@example.com --name You --data {data}");
        (add, " --user you@example.com")
    } else {
        ("demo@latido.local / latido-demo".to_owned(), "")
    };
    format!(
        "
Latido is running:  {address}
Sign in with:       {sign_in}
Its data is in:     {data}

With the page open, log a food from a second terminal in this folder, as the assistant would:

  {program} log food \"Avena con leche\" --calories 350 --meal breakfast{user}{url}

The row appears by itself. Ctrl-C stops the server.
"
    )
}

/// As one types it here: relative to this folder if it is below.
fn shown(path: &Path) -> String {
    let here = env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_noticed_before_anything_is_built() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("listen");
        let port = listener.local_addr().expect("address").port();
        assert!(matches!(require_free(port), Err(Error::PortTaken(taken)) if taken == port));
        drop(listener);
        assert!(require_free(port).is_ok());
    }

    #[test]
    fn the_command_to_try_works_as_printed() {
        let here = env::current_dir().expect("here");
        let program = here.join("target/release/latido-server");
        let said = welcome("http://127.0.0.1:8787", &program, &here.join("data"), false);
        assert!(said.contains("\n  target/release/latido-server log food"), "{said}");
        assert!(!said.contains("--url"), "{said}");
        assert!(said.contains("demo@latido.local / latido-demo"));
    }

    #[test]
    fn another_port_is_named_in_the_command_to_try() {
        let said = welcome("http://127.0.0.1:9000", Path::new("/t/latido-server"), Path::new("/d"), true);
        assert!(said.contains("breakfast --user you@example.com --url http://127.0.0.1:9000\n"), "{said}");
        assert!(said.contains("/t/latido-server user add"), "{said}");
    }
}
