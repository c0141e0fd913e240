//! The log: lines on stderr, as text for people or as JSON for machines. This is the one place that sets
//! it up.
//!
//! Lines wait in a bounded queue for a thread that writes them. When nobody reads stderr they are dropped
//! and counted, and the server goes on: a log must not be able to stop what it tells of.
//!
//! What is logged are events of the server, never payloads, tokens or what somebody has typed. That holds
//! at every level, so that the levels can be turned up in production. Other libraries are not listened to
//! beyond warnings, because they do not keep to that.

use std::{io, panic};

use clap::{Args, ValueEnum, builder::FalseyValueParser};
use tracing::{Level, error, level_filters::LevelFilter};
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{
    Layer, Registry, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

/// Lines that may wait to be written.
const QUEUE_LINES: usize = 8192;
/// What this program's own lines come from.
const OWN: &str = "latido_server";

/// How much is logged, and how.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Log")]
pub struct LoggingArgs {
    /// How much is said on stderr: off, error, warn, info, debug or trace; also by part, such as
    /// `info,latido_server::socket=trace`
    #[arg(long = "log-level", env = "LATIDO_LOG", default_value = "info", global = true, value_name = "LEVELS",
          value_parser = levels)]
    levels: Targets,

    /// How a line looks
    #[arg(long, env = "LATIDO_LOG_FORMAT", value_enum, default_value_t = Format::Text, global = true)]
    log_format: Format,

    /// Say more, as --log-level debug does
    #[arg(long, env = "WEBSOCKET_VERBOSE", value_parser = FalseyValueParser::new(), global = true)]
    verbose: bool,

    /// Say also what kind of frame comes and goes and how long it is, as --log-level trace does
    #[arg(long, env = "WEBSOCKET_DEBUG", value_parser = FalseyValueParser::new(), global = true)]
    debug: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Keeps the log going. Dropping it writes what still waits.
pub struct Logging {
    worker: Option<WorkerGuard>,
    dropped: ErrorCounter,
}

/// Sets up the log of this process.
pub fn init(args: &LoggingArgs) -> Logging {
    let (writer, worker) =
        NonBlockingBuilder::default().lossy(true).buffered_lines_limit(QUEUE_LINES).finish(io::stderr());
    let dropped = writer.error_counter();
    let lines = fmt::layer().with_writer(writer).with_ansi(false);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match args.log_format {
        Format::Text => lines.with_target(false).boxed(),
        Format::Json => {
            lines.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed()
        }
    };
    // There is one before only if this is called twice, and then that one goes on.
    let _ = tracing_subscriber::registry().with(lines.with_filter(args.filter())).try_init();
    panic::set_hook(Box::new(|panic| {
        // Without its message, which may repeat what somebody has sent.
        let place = panic.location().map(ToString::to_string);
        error!(place, "the server made a mistake");
    }));
    Logging { worker: Some(worker), dropped }
}

impl Drop for Logging {
    fn drop(&mut self) {
        let dropped = self.dropped.dropped_lines();
        if dropped > 0 {
            error!(dropped, "lines of this log were dropped because nobody took them in time");
        }
        drop(self.worker.take());
    }
}

impl LoggingArgs {
    fn filter(&self) -> Targets {
        let least = match (self.debug, self.verbose) {
            (true, _) => Level::TRACE,
            (false, true) => Level::DEBUG,
            (false, false) => return self.levels.clone(),
        };
        if self.levels.would_enable(OWN, &least) {
            return self.levels.clone();
        }
        self.levels.clone().with_target(OWN, least)
    }
}

/// The level that is named without a part is this program's own; others are heard up to warnings.
fn levels(text: &str) -> Result<Targets, String> {
    // A word by itself could also be a part at its fullest, which nobody means who mistypes a level.
    let plain = |part: &str| part.contains('=') || part.trim().parse::<LevelFilter>().is_ok();
    let levels = text.parse::<Targets>().ok().filter(|_| text.split(',').all(plain));
    let levels = levels.ok_or("use a level such as info, or parts such as warn,latido_server=debug")?;
    let own = levels.default_level().unwrap_or(LevelFilter::OFF);
    let names_own = levels.iter().any(|(target, _)| target == OWN);
    let levels = levels.with_default(own.min(LevelFilter::WARN));
    Ok(if names_own { levels } else { levels.with_target(OWN, own) })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        logging: LoggingArgs,
    }

    fn filter(args: &[&str]) -> Targets {
        Line::try_parse_from([&["line"], args].concat()).unwrap().logging.filter()
    }

    #[test]
    fn a_level_is_that_of_this_program_and_others_are_heard_up_to_warnings() {
        let trace = filter(&["--log-level", "trace"]);
        assert!(trace.would_enable("latido_server::socket", &Level::TRACE));
        assert!(trace.would_enable("hyper::proto", &Level::WARN));
        assert!(!trace.would_enable("hyper::proto", &Level::INFO));
        assert!(!filter(&["--log-level", "error"]).would_enable("hyper::proto", &Level::WARN));
    }

    #[test]
    fn a_part_can_be_turned_up_or_down_by_itself() {
        let part = filter(&["--log-level", "warn,latido_server::socket=trace"]);
        assert!(part.would_enable("latido_server::socket::connection", &Level::TRACE));
        assert!(!part.would_enable("latido_server::store", &Level::INFO));
        assert!(!filter(&["--log-level", "latido_server=off"]).would_enable("latido_server", &Level::ERROR));
    }

    #[test]
    fn the_switches_only_ever_turn_it_up() {
        assert!(filter(&["--verbose"]).would_enable("latido_server::socket", &Level::DEBUG));
        assert!(!filter(&["--verbose"]).would_enable("latido_server::socket", &Level::TRACE));
        assert!(filter(&["--debug"]).would_enable("latido_server::socket", &Level::TRACE));
        let both = filter(&["--log-level", "trace", "--verbose"]);
        assert!(both.would_enable("latido_server::socket", &Level::TRACE));
    }

    #[test]
    fn what_is_no_level_is_refused() {
        assert!(Line::try_parse_from(["line", "--log-level", "loud"]).is_err());
    }
}
