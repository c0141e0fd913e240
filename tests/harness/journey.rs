//! Runs one journey in one engine, and keeps what tells why it failed.

use std::{
    cell::RefCell,
    panic::{AssertUnwindSafe, resume_unwind},
};

use futures_util::FutureExt;
use tokio::task::LocalSet;

use crate::{
    browser::Browser,
    engine::Engine,
    environment,
    process::Lines,
    server::{Serve, Server},
};

pub struct Journey {
    pub browser: Browser,
    servers: RefCell<Vec<Lines>>,
}

impl Journey {
    /// Starts a server whose words are kept in case of a failure.
    pub async fn serve(&self, serve: Serve) -> Server {
        let server = Server::start(serve).await;
        self.servers.borrow_mut().push(server.stderr().clone());
        server
    }

    async fn explain(&self, name: &str) {
        eprintln!("\n--- {name} failed ---");
        match self.browser.screenshot(name).await {
            Ok(path) => eprintln!("screenshot: {}", path.display()),
            Err(error) => eprintln!("no screenshot: {error}"),
        }
        for server in self.servers.borrow().iter() {
            eprintln!("--- server ---\n{}", server.tail(30));
        }
        // The browser itself may be what failed.
        if let Ok(console) = AssertUnwindSafe(self.browser.console()).catch_unwind().await {
            eprintln!("--- console ---");
            for entry in console.iter().rev().take(40).rev() {
                eprintln!("{}{}", if entry.is_error { "ERROR " } else { "" }, entry.text);
            }
        }
        eprintln!("--- driver and browser ---");
        for line in self.browser.output().iter().rev().take(10).rev() {
            eprintln!("{line}");
        }
        eprintln!("---");
    }
}

/// Runs it, unless nobody asked for this engine.
///
/// # Panics
///
/// As the journey does; and where nobody watches, for want of the engine.
pub fn run(engine: Engine, name: &str, journey: impl AsyncFnOnce(&Journey)) {
    if !environment::wants(engine) {
        assert!(
            !environment::is_ci(),
            "{} is not in LATIDO_ENGINES, and in CI nothing is skipped",
            engine.id()
        );
        eprintln!("SKIPPED {name}: {} is not in LATIDO_ENGINES", engine.id());
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    LocalSet::new().block_on(&runtime, async {
        let stage = Journey { browser: Browser::start(engine).await, servers: RefCell::default() };
        let outcome = AssertUnwindSafe(journey(&stage)).catch_unwind().await;
        if outcome.is_err() {
            stage.explain(name).await;
        }
        stage.browser.quit().await;
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    });
}

/// Makes of every journey a test in each engine: `wrong_password::firefox`.
#[macro_export]
macro_rules! in_every_engine {
    ($($journey:ident),+ $(,)?) => {
        $($crate::in_engines!($journey: chromium Chromium, firefox Firefox, webkit WebKit);)+
    };
}

/// Makes of every journey a test in Chromium, whose driver can what others cannot.
#[macro_export]
macro_rules! in_chromium {
    ($($journey:ident),+ $(,)?) => { $($crate::in_engines!($journey: chromium Chromium);)+ };
}

#[doc(hidden)]
#[macro_export]
macro_rules! in_engines {
    ($journey:ident: $($test:ident $engine:ident),+) => {
        mod $journey {
            $(#[test]
            fn $test() {
                let name = concat!(module_path!(), "::", stringify!($test));
                $crate::journey::run($crate::engine::Engine::$engine, name, super::$journey);
            })+
        }
    };
}
