use crate::bindings::services::tusk::plugin::clock;

/// A service: the time. Always granted. (`SystemTime::now` panics where there is no WASI.)
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Clock;

impl Clock {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        clock::now_ms()
    }

    /// Nanoseconds since some fixed moment; never runs backwards.
    #[must_use]
    pub fn monotonic_ns(&self) -> u64 {
        clock::monotonic_ns()
    }
}
