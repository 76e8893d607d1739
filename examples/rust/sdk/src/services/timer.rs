use crate::bindings::services::tusk::plugin::timer;
use std::time::Duration;

/// A service: waiting, while other calls go on. Always granted.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Timer;

impl Timer {
    /// Comes back after this time (to the millisecond), or when the time of the call is over.
    pub fn sleep(&self, duration: Duration) {
        timer::sleep(u32::try_from(duration.as_millis()).unwrap_or(u32::MAX));
    }
}
