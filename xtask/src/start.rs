//! `cargo xtask start`: everything on one loopback port, with demo data.

use std::net::{Ipv4Addr, TcpListener};

use crate::{
    args::StartOptions,
    cache::Cache,
    child::{interruptions, wait_for_end},
    dashboard, dev,
    error::Error,
    project::Project,
    server::{Profile, Server, ServerBuild},
    step::Steps,
    tools::WebTools,
    welcome,
};

pub fn run(options: &StartOptions) -> Result<(), Error> {
    // Before minutes of building, not after.
    require_free(options.port)?;
    let project = Project::find()?;
    let cache = Cache::find()?;
    let data = options.data.clone().unwrap_or_else(|| project.root().join("data"));

    let builds = if options.dev { 1 } else { 2 };
    let mut steps = Steps::new(project.logs(), WebTools::STEPS + builds);
    let server = ServerBuild::begin(&project, Profile::Quick, &steps)?;
    let tools = WebTools::ensure(&project, &cache, &mut steps)?;
    if options.dev {
        return dev::run(&project, &tools, &server.finish(&mut steps)?, &data, options);
    }
    let dist = project.quick_dist();
    dashboard::build_quick(&project, &tools, &dist, &mut steps)?;
    let program = server.finish(&mut steps)?;

    let interrupted = interruptions()?;
    require_free(options.port)?;
    let mut server = Server::start(&program, options.port, &data, &dist, welcome::demo_flag(options))?;
    print!("{}", welcome::text(&server.address, &program, &data, options.empty));
    if wait_for_end(&interrupted, &mut [&mut server.child]).is_some() {
        return Err(Error::ServerStopped { status: server.child.status() });
    }
    eprintln!("\nStopping…");
    server.child.stop();
    eprintln!("Stopped. The data is in {}.", welcome::shown(&data));
    Ok(())
}

fn require_free(port: u16) -> Result<(), Error> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Err(Error::PortTaken(port)),
        Err(error) => Err(Error::io(format!("listen on port {port} of 127.0.0.1"))(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_port_is_an_error_before_building() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("listen");
        let port = listener.local_addr().expect("address").port();
        assert!(matches!(require_free(port), Err(Error::PortTaken(taken)) if taken == port));
        drop(listener);
        assert!(require_free(port).is_ok());
    }
}
