//! Runs one journey in one engine, and keeps what explains a failure.

use std::{
    any::Any,
    cell::RefCell,
    panic::{AssertUnwindSafe, resume_unwind},
    sync::{PoisonError, RwLock},
};

use futures_util::FutureExt;
use tokio::task::LocalSet;

use crate::{
    browser::Browser,
    engine::Engine,
    environment,
    process::Lines,
    server::{Serve, Server},
    unsteady,
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

/// Held for reading by every journey, for writing by one that counts on the machine.
static MACHINE: RwLock<()> = RwLock::new(());

/// Why a journey failed, as a panic has it.
type Failure = Box<dyn Any + Send>;

/// Runs a journey beside others, unless its engine is not in `LATIDO_ENGINES`. One that fails is run once more, alone:
/// what passes then is no fault of the product that can be repeated, and is listed as unsteady ([`unsteady::allow`]).
///
/// # Panics
///
/// As the journey does; and in CI for want of the engine.
pub fn run(engine: Engine, name: &str, journey: impl AsyncFn(&Journey)) {
    let beside_others = MACHINE.read().unwrap_or_else(PoisonError::into_inner);
    let Err(failure) = try_now(engine, name, &journey) else { return };
    drop(beside_others);
    if !unsteady::allow(name) {
        resume_unwind(failure);
    }
    run_alone(engine, name, journey);
    unsteady::passed(name, &*failure);
}

/// Runs a journey while no other runs, for those that measure time or memory.
///
/// # Panics
///
/// As [`run`] does.
pub fn run_alone(engine: Engine, name: &str, journey: impl AsyncFn(&Journey)) {
    let _alone = MACHINE.write().unwrap_or_else(PoisonError::into_inner);
    if let Err(failure) = try_now(engine, name, &journey) {
        resume_unwind(failure);
    }
}

fn try_now(engine: Engine, name: &str, journey: &impl AsyncFn(&Journey)) -> Result<(), Failure> {
    if !environment::wants(engine.id()) {
        assert!(
            !environment::is_ci(),
            "{} is not in LATIDO_ENGINES, and in CI nothing is skipped",
            engine.id()
        );
        eprintln!("SKIPPED {name}: {} is not in LATIDO_ENGINES", engine.id());
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    LocalSet::new().block_on(&runtime, async {
        let context = Journey { browser: Browser::start(engine).await, servers: RefCell::default() };
        let outcome = AssertUnwindSafe(journey(&context)).catch_unwind().await;
        if outcome.is_err() {
            context.explain(name).await;
        }
        context.browser.quit().await;
        outcome
    })
}

/// Makes of every journey a test in each engine: `wrong_password::firefox`. After `alone:` come journeys that no
/// other may disturb.
#[macro_export]
macro_rules! in_every_engine {
    (alone: $($journey:ident),+ $(,)?) => {
        $($crate::in_engines!($journey run_alone: chromium Chromium, firefox Firefox, webkit WebKit);)+
    };
    ($($journey:ident),+ $(,)?) => {
        $($crate::in_engines!($journey run: chromium Chromium, firefox Firefox, webkit WebKit);)+
    };
}

/// Makes of every journey a test in Chromium, whose driver can what others cannot.
#[macro_export]
macro_rules! in_chromium {
    (alone: $($journey:ident),+ $(,)?) => { $($crate::in_engines!($journey run_alone: chromium Chromium);)+ };
    ($($journey:ident),+ $(,)?) => { $($crate::in_engines!($journey run: chromium Chromium);)+ };
}

#[doc(hidden)]
#[macro_export]
macro_rules! in_engines {
    ($journey:ident $run:ident: $($test:ident $engine:ident),+) => {
        mod $journey {
            $(#[test]
            fn $test() {
                let name = concat!(module_path!(), "::", stringify!($test));
                $crate::journey::$run($crate::engine::Engine::$engine, name, super::$journey);
            })+
        }
    };
}
