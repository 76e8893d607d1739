use crate::{bindings::services::tusk::plugin::logger, msgpack};
use serde::Serialize;
use std::panic::PanicHookInfo;

/// How much a line of the log matters.
pub use logger::Level;

/// A service: the host's log. Always granted, and limited in rate.
///
/// The macros of the `log` crate write to it as well, and so does a panic.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Logger;

impl Logger {
    /// Writes one line.
    pub fn log(&self, level: Level, message: &str) {
        logger::log(level, message, None);
    }

    /// Writes one line and keeps `fields`, a map or a struct, beside it. Fields that cannot be
    /// encoded are left out: the line matters more.
    pub fn log_with(&self, level: Level, message: &str, fields: &(impl Serialize + ?Sized)) {
        let fields = msgpack::encode(fields).ok();
        logger::log(level, message, fields.as_deref());
    }

    /// Writes one line: where the program is.
    pub fn trace(&self, message: &str) {
        self.log(Level::Trace, message);
    }

    /// Writes one line: for whoever looks for a fault.
    pub fn debug(&self, message: &str) {
        self.log(Level::Debug, message);
    }

    /// Writes one line: what happened.
    pub fn info(&self, message: &str) {
        self.log(Level::Info, message);
    }

    /// Writes one line: what is odd, though the work went on.
    pub fn warn(&self, message: &str) {
        self.log(Level::Warn, message);
    }

    /// Writes one line: what failed.
    pub fn error(&self, message: &str) {
        self.log(Level::Error, message);
    }
}

/// Routes the `log` crate to the host, which decides what it keeps.
impl log::Log for Logger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let level = match record.level() {
            log::Level::Error => Level::Error,
            log::Level::Warn => Level::Warn,
            log::Level::Info => Level::Info,
            log::Level::Debug => Level::Debug,
            log::Level::Trace => Level::Trace,
        };
        match record.args().as_str() {
            Some(message) => logger::log(level, message, None),
            None => logger::log(level, &record.args().to_string(), None),
        }
    }

    fn flush(&self) {}
}

/// Makes the host's log the one of the `log` crate, and of panics.
pub(crate) fn install_logger() {
    if log::set_logger(&Logger).is_ok() {
        log::set_max_level(log::LevelFilter::Trace);
    }
    std::panic::set_hook(Box::new(log_panic));
}

/// Without WASI a panic is a bare trap: its text would be lost.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let text = panic.payload_as_str().unwrap_or("no text");
    match panic.location() {
        Some(place) => Logger.error(&format!("panicked at {place}: {text}")),
        None => Logger.error(&format!("panicked: {text}")),
    }
}
